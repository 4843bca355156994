package themesearch

import (
	"math"
	"strings"
	"unicode"

	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/english"
)

// The usual constants of BM25 (Robertson and Zaragoza 2009).
const (
	k1 = 1.2
	b  = 0.75
)

// bm25 ranks texts by the stems that they share with a query, any of them. It
// stands for the product's search, which ranks the same way, in a measurement
// that must not write an index.
type bm25 struct {
	posts   map[string][]post
	lengths []float64
	mean    float64
}

type post struct {
	row   int
	count float64
}

func newBM25(texts []string) *bm25 {
	x := &bm25{posts: map[string][]post{}, lengths: make([]float64, len(texts))}
	for row, text := range texts {
		for _, s := range stems(text) {
			x.lengths[row]++
			x.mean++
			list := x.posts[s]
			if n := len(list); n > 0 && list[n-1].row == row {
				list[n-1].count++
				continue
			}
			x.posts[s] = append(list, post{row: row, count: 1})
		}
	}
	x.mean /= float64(max(len(texts), 1))
	return x
}

func (x *bm25) search(query string) []int {
	scores := make([]float64, len(x.lengths))
	n := float64(len(x.lengths))
	for _, s := range stems(query) {
		df := float64(len(x.posts[s]))
		idf := math.Log(1 + (n-df+0.5)/(df+0.5))
		for _, p := range x.posts[s] {
			scores[p.row] += idf * p.count * (k1 + 1) / (p.count + k1*(1-b+b*x.lengths[p.row]/x.mean))
		}
	}
	return byScore(scores)
}

// stems gives the stemmed words of a text.
func stems(text string) []string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '\''
	})
	for i, w := range words {
		env := snowballstem.NewEnv(w)
		english.Stem(env)
		words[i] = env.Current()
	}
	return words
}
