// Package themesearch measures how well a theme's name finds what was said
// about it: each label is a query, as words, and the texts that bear it are
// the right answers. It compares words alone, the encoder alone and both.
package themesearch

import (
	"cmp"
	"errors"
	"slices"

	"heed/insights/dataset"
	"heed/insights/embed"
	"heed/internal/eval/rows"
	"heed/internal/eval/score"
)

// encoder is what is needed of embed.Encoder.
type encoder interface {
	Dim() int
	Encode(dst []float32, text string)
}

// Ranking is how good the answers were, the mean over the labels.
type Ranking struct {
	P10    float64 `json:"p_at_10"`    // share of right answers among the first 10
	NDCG10 float64 `json:"ndcg_at_10"` // see score.NDCG
	MAP    float64 `json:"map"`        // see score.AveragePrecision
}

// Metrics compares the ways to search.
type Metrics struct {
	Rows    int     `json:"rows"`
	Labels  int     `json:"labels"`
	Words   Ranking `json:"words"`   // BM25 over stems
	Encoder Ranking `json:"encoder"` // embed.Texts; all zero without an encoder
	Fused   Ranking `json:"fused"`   // both, as embed.FuseSearch joins them
}

// Measure searches the rows for each of their labels. Out-of-scope rows are
// texts to be searched like others, and the answer to nothing. enc may be nil:
// then Fused is Words.
func Measure(all []rows.Row, enc encoder) (Metrics, error) {
	labels := rows.Labels(all)
	if len(labels) == 0 {
		return Metrics{}, errors.New("theme search: no row has a label")
	}
	texts := make([]string, len(all))
	for i := range all {
		texts[i] = all[i].Text
	}
	words := newBM25(texts)
	var near *embed.Texts
	if enc != nil {
		near = embed.NewTexts(enc)
		for _, text := range texts {
			near.Add(text)
		}
	}
	var byWords, byEncoder, byBoth tally
	for _, label := range labels {
		right := make([]bool, len(all))
		for i := range all {
			right[i] = !all[i].OOS && slices.Contains(all[i].Labels, label)
		}
		query := dataset.Words(label)
		found := words.search(query)
		byWords.add(found, right)
		if near == nil {
			byBoth.add(found, right)
			continue
		}
		close := meant(near, query)
		byEncoder.add(close, right)
		byBoth.add(both(found, close), right)
	}
	return Metrics{
		Rows: len(all), Labels: len(labels),
		Words: byWords.mean(), Encoder: byEncoder.mean(), Fused: byBoth.mean(),
	}, nil
}

// both joins two rankings.
func both(words, meaning []int) []int {
	var out []int
	for _, f := range embed.FuseSearch(words, meaning) {
		out = append(out, f.Item)
	}
	return out
}

// tally collects the figures of each label.
type tally struct{ p10, ndcg, ap []float64 }

func (t *tally) add(ranking []int, right []bool) {
	hits, relevant := make([]bool, len(ranking)), 0
	for i, row := range ranking {
		hits[i] = right[row]
	}
	for _, r := range right {
		if r {
			relevant++
		}
	}
	t.p10 = append(t.p10, score.PrecisionAt(hits, 10))
	t.ndcg = append(t.ndcg, score.NDCG(hits, relevant, 10))
	t.ap = append(t.ap, score.AveragePrecision(hits, relevant))
}

func (t *tally) mean() Ranking {
	return Ranking{P10: score.Mean(t.p10), NDCG10: score.Mean(t.ndcg), MAP: score.Mean(t.ap)}
}

// meant gives the rows nearest to a query, best first.
func meant(texts *embed.Texts, query string) []int {
	var out []int
	for _, h := range texts.Nearest(query, texts.Len()) {
		out = append(out, h.Row)
	}
	return out
}

// byScore gives the rows with a score above zero, best first.
func byScore(scores []float64) []int {
	var out []int
	for row, s := range scores {
		if s > 0 {
			out = append(out, row)
		}
	}
	slices.SortStableFunc(out, func(a, b int) int { return cmp.Compare(scores[b], scores[a]) })
	return out
}
