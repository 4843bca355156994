package train

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"heed/insights/embed"
)

// small is a corpus of three wishes, each in words of its own.
func small() *Corpus {
	set := newSet("wishes")
	for label, words := range map[string][]string{"cancel": {"cancel", "close", "terminate", "end"}} {
		for _, verb := range words {
			set.add("please "+verb+" my contract", label)
			set.add("i want to "+verb+" it all", label)
		}
	}
	for _, verb := range []string{"pay", "settle", "clear", "transfer"} {
		set.add("please "+verb+" my invoice", "pay")
		set.add("i want to "+verb+" it all", "pay")
	}
	c := &Corpus{Sets: []Set{*set.set}}
	for range batch {
		c.Pairs = append(c.Pairs, [2]string{"where is the parcel", "it will be delivered on monday"},
			[2]string{"the tap drips", "a plumber will come"})
	}
	return c
}

func trained(t *testing.T, c *Corpus, o Options) *embed.Encoder {
	t.Helper()
	data, err := embed.Marshal(Train(c, o))
	if err != nil {
		t.Fatal(err)
	}
	e, err := embed.Parse(string(data))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func cosine(e *embed.Encoder, a, b string) float32 {
	x, y := make([]float32, e.Dim()), make([]float32, e.Dim())
	e.Encode(x, a)
	e.Encode(y, b)
	return embed.Dot(x, y)
}

func TestTrainingBringsWhatMeansTheSameTogether(t *testing.T) {
	e := trained(t, small(), Options{Dim: 16, Passes: 30, Least: 1, Seed: 3})
	for _, c := range [][3]string{
		{"cancel", "terminate", "settle"},
		{"pay", "clear", "close"},
		{"where is the parcel", "delivered on monday", "a plumber"},
	} {
		if near, far := cosine(e, c[0], c[1]), cosine(e, c[0], c[2]); near < far+0.2 {
			t.Errorf("%s: %s at %.2f, %s at %.2f", c[0], c[1], near, c[2], far)
		}
	}
}

// Without any pass the vectors mean nothing: it is training that does it.
func TestUntrainedKnowsNothing(t *testing.T) {
	o := Options{Dim: 16, Passes: 1, Least: 1, Seed: 3, Rate: 1e-12}
	if c := cosine(trained(t, small(), o), "cancel", "terminate"); c > 0.5 {
		t.Errorf("cosine %.2f before training", c)
	}
}

func TestOneSeedOneArtefact(t *testing.T) {
	train := func(seed uint64) []byte {
		data, err := embed.Marshal(Train(small(), Options{Dim: 8, Passes: 2, Least: 1, Seed: seed}))
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	if !bytes.Equal(train(1), train(1)) {
		t.Error("one seed gave two artefacts")
	}
	if bytes.Equal(train(1), train(2)) {
		t.Error("the seed changes nothing")
	}
}

func TestRarePiecesAreLeftOut(t *testing.T) {
	c := small()
	c.Lines = append(c.Lines, "zanzibar")
	rows := Train(c, Options{Dim: 4, Passes: 1, Least: 2})
	rare := embed.Keys(nil, "zanzibar")
	for _, r := range rows {
		if r.Key == rare[0] {
			t.Error("a word that was seen once has a vector")
		}
	}
}

func TestLogSaysHowItGoes(t *testing.T) {
	var log strings.Builder
	Train(small(), Options{Dim: 4, Passes: 2, Least: 1, Log: &log})
	for pass := 1; pass <= 2; pass++ {
		if !strings.Contains(log.String(), fmt.Sprintf("pass %d:", pass)) {
			t.Errorf("no word of pass %d in %q", pass, log.String())
		}
	}
}
