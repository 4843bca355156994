package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	"heed/insights/search"
	"heed/internal/event"
)

// asked is how often each kind of query is asked.
const asked = 300

// kindOfQuery makes queries of one kind, and the same for SQLite's FTS5 where
// it has such a thing.
type kindOfQuery struct {
	name string
	ask  func(w words) string
	fts  func(w words) (match string, between [3]string)
}

func kindsOfQuery() []kindOfQuery {
	var always [3]string
	plain := func(w words) (string, [3]string) { return w[0], always }
	return []kindOfQuery{
		{"word", func(w words) string { return w[0] }, plain},
		{"two words", func(w words) string { return w[0] + " " + w[1] }, func(w words) (string, [3]string) { return w[0] + " " + w[1], always }},
		{"phrase", func(w words) string { return `"` + w[2] + `"` }, func(w words) (string, [3]string) { return `"` + w[2] + `"`, always }},
		{"a OR b OR c", func(w words) string { return w[0] + " OR " + w[1] + " OR " + w[3] }, func(w words) (string, [3]string) { return w[0] + " OR " + w[1] + " OR " + w[3], always }},
		{"two words and fields", func(w words) string {
			return w[0] + " " + w[1] + " speaker:customer date:2026-01-01..2026-06-30"
		}, func(w words) (string, [3]string) {
			return w[0] + " " + w[1], [3]string{"customer", "2026-01-01", "2026-07-01"}
		}},
		{"word, mood and length of call", func(w words) string { return w[0] + " sentiment:<-0.5 duration:>10m" }, nil},
		{"near each other", func(w words) string { return `"` + w[2] + `"~4` }, nil},
		{"word nearly so", func(w words) string { return w[0] + "~" }, nil},
		{"then", func(w words) string { return w[0] + " then<30s " + w[1] }, nil},
		{"word with facets", func(w words) string { return w[0] }, nil},
	}
}

// words are what one query is made of: two words, two that stand together, and
// one more.
type words [4]string

// searches measures the search over a corpus of so many utterances.
func searches(ctx context.Context, size int, data string) (err error) {
	c, err := newCorpus(data, size)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "heed-bench-search-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	x, err := search.Open(filepath.Join(dir, "index"), search.Options{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, x.Close()) }()
	peer := openPeer(ctx, filepath.Join(dir, "fts5.db"))
	defer func() { err = errors.Join(err, peer.close()) }()
	fmt.Printf("Search over %d utterances of %d calls in a year (budget: p95 50 ms, p99 100 ms; 5,000 utterances/s; 600 bytes each; 700 MB)\n", size, size/perCall)
	if err := index(ctx, c, x, peer, size); err != nil {
		return err
	}
	bytes, err := folderSize(filepath.Join(dir, "index"))
	if err != nil {
		return err
	}
	fmt.Printf("  on disk %.0f bytes an utterance\n", float64(bytes)/float64(size))
	for _, kind := range kindsOfQuery() {
		if err := askAll(ctx, c, x, peer, kind); err != nil {
			return fmt.Errorf("%s: %w", kind.name, err)
		}
	}
	fmt.Printf("  memory of the process %.0f MB\n", float64(resident())/1e6)
	return found(ctx, c, x)
}

// index fills both, and says how fast.
func index(ctx context.Context, c *corpus, x *search.Index, peer *peer, size int) error {
	var took, peerTook time.Duration
	for n := 0; n < size; {
		var batch []event.Event
		for len(batch) < 1000 {
			events, err := c.call()
			if err != nil {
				return err
			}
			batch = append(batch, events...)
			n += perCall
		}
		began := time.Now()
		if err := x.Handle(ctx, batch); err != nil {
			return err
		}
		took += time.Since(began)
		began = time.Now()
		if err := peer.add(ctx, batch); err != nil {
			return err
		}
		peerTook += time.Since(began)
	}
	fmt.Printf("  indexed at %.0f utterances/s%s\n", float64(size)/took.Seconds(), peer.says("%.0f/s", float64(size)/peerTook.Seconds()))
	return nil
}

func askAll(ctx context.Context, c *corpus, x *search.Index, peer *peer, kind kindOfQuery) error {
	dice := rand.New(rand.NewPCG(3, 3))
	ours, theirs, hits := make([]time.Duration, asked), []time.Duration{}, 0
	for i := range ours {
		w := c.words(dice)
		q := search.Query{Text: kind.ask(w)}
		if strings.HasSuffix(kind.name, "facets") {
			q.Facets = search.Countable()
		}
		began := time.Now()
		r, err := x.Search(ctx, q)
		if err != nil {
			return fmt.Errorf("%s: %w", q.Text, err)
		}
		ours[i] = time.Since(began)
		hits += r.Total
		if kind.fts == nil || peer == nil {
			continue
		}
		match, between := kind.fts(w)
		began = time.Now()
		if _, _, err := peer.Ask(ctx, match, between); err != nil {
			return err
		}
		theirs = append(theirs, time.Since(began))
	}
	fmt.Printf("  %-30s %s, %d found on average%s\n", kind.name, quantiles(ours), hits/asked, peer.beside(theirs))
	return nil
}

// words draws what a query is made of: words as often as people say them.
func (c *corpus) words(dice *rand.Rand) words {
	for {
		said := strings.Fields(strings.ToLower(c.texts[dice.IntN(len(c.texts))]))
		said = slices.DeleteFunc(said, func(w string) bool { return strings.Trim(w, "abcdefghijklmnopqrstuvwxyz") != "" })
		if len(said) < 4 {
			continue
		}
		at := dice.IntN(len(said) - 2)
		w := words{said[at], said[at+2], said[at] + " " + said[at+1], said[0]}
		if len(w[0]) >= 4 {
			return w
		}
	}
}

// found measures how soon what is said is found.
func found(ctx context.Context, c *corpus, x *search.Index) error {
	took := make([]time.Duration, 50)
	for i := range took {
		events, err := c.call()
		if err != nil {
			return err
		}
		began := time.Now()
		if err := x.Handle(ctx, events[:10]); err != nil {
			return err
		}
		if _, err := x.Search(ctx, search.Query{Text: "call:" + events[0].Call}); err != nil {
			return err
		}
		took[i] = time.Since(began)
	}
	fmt.Printf("  ten new utterances are found after %s, and the log's 200 ms (budget 1 s)\n", quantiles(took))
	return nil
}

func quantiles(took []time.Duration) string {
	slices.Sort(took)
	at := func(q float64) float64 { return float64(took[int(q*float64(len(took)-1))].Microseconds()) / 1000 }
	return fmt.Sprintf("p50 %.2f, p95 %.1f, p99 %.1f ms", at(.5), at(.95), at(.99))
}

func folderSize(dir string) (bytes int64, err error) {
	err = filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err == nil {
			bytes += info.Size()
		}
		return nil //nolint:nilerr // merged away meanwhile
	})
	return bytes, err
}

// resident is the memory of this process, after a collection.
func resident() int64 {
	runtime.GC()
	raw, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	var all, pages int64
	_, _ = fmt.Sscan(string(raw), &all, &pages) // zero says that it is not known
	return pages * int64(os.Getpagesize())
}
