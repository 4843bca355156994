package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heed/internal/decide"
	"heed/internal/decisions"
)

func TestDecideBatchWritesATable(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	write := (&batchFlags{csv: true}).lines(&out)
	for _, l := range []decisions.Line{
		{CustomerID: "a", Decision: &decide.Decision{ID: "d1", Actions: []decide.Choice{
			{Action: "sell", Rank: 1, Title: "=HYPERLINK(1)", P: 0.25, Priority: 3.2, Because: "Asked, \"twice\"."},
			{Action: "help", Rank: 2, Title: "+Help", P: 0.1, Priority: 1},
		}}},
		{CustomerID: "b", Decision: &decide.Decision{Because: "Nothing to suggest."}},
		{CustomerID: "@c", Error: "the disk is full"},
	} {
		if err := write(l); err != nil {
			t.Fatal(err)
		}
	}
	got, err := csv.NewReader(&out).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{
		{"customer_id", "decision_id", "rank", "action", "title", "p", "priority", "because", "error"},
		{"a", "d1", "1", "sell", "'=HYPERLINK(1)", "0.2500", "3.2000", "Asked, \"twice\".", ""},
		{"a", "d1", "2", "help", "'+Help", "0.1000", "1.0000", "", ""},
		{"b", "", "", "", "", "", "", "Nothing to suggest.", ""},
		{"'@c", "", "", "", "", "", "", "", "the disk is full"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestDecideBatchChooses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		f    batchFlags
		want map[string]any
	}{
		"some":       {batchFlags{customers: []string{"a"}}, map[string]any{"customer_ids": []string{"a"}}},
		"all":        {batchFlags{all: true}, map[string]any{"all": true}},
		"by text":    {batchFlags{trait: "region=north"}, map[string]any{"trait": map[string]any{"name": "region", "value": "north"}}},
		"by number":  {batchFlags{trait: "rooms=1"}, map[string]any{"trait": map[string]any{"name": "rooms", "value": 1.0}}},
		"by yes":     {batchFlags{trait: "gold=true"}, map[string]any{"trait": map[string]any{"name": "gold", "value": true}}},
		"by theme":   {batchFlags{theme: "t"}, map[string]any{"theme": map[string]any{"id": "t"}}},
		"since":      {batchFlags{theme: "t", since: "2026-11-01T00:00:00Z", keep: true, hold: time.Hour}, map[string]any{"theme": map[string]any{"id": "t", "since": "2026-11-01T00:00:00Z"}}},
		"some day":   {batchFlags{theme: "t", since: "monday"}, nil},
		"since only": {batchFlags{all: true, since: "2026-11-01T00:00:00Z"}, nil},
		"not kept":   {batchFlags{all: true, hold: time.Hour}, nil},
		"none":       {batchFlags{}, nil},
		"two ways":   {batchFlags{all: true, trait: "a=b"}, nil},
		"no value":   {batchFlags{trait: "region"}, nil},
		"all, again": {batchFlags{all: true, customers: []string{"a"}}, nil},
	} {
		err := c.f.choose()
		bad := (*usageError)(nil)
		if errors.As(err, &bad) != (c.want == nil) {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(c.want, c.f.Selection.Selection); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestADecisionForPeople(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	err := printDecision(&out, decide.Decision{
		Because:   "Sell: asked for it.",
		Actions:   []decide.Choice{{Action: "sell", Rank: 1, P: 0.25, C: 1, V: 40, L: 1, Priority: 10, Because: "Asked for it."}},
		NotChosen: []decide.Exclusion{{Action: "help", Step: 7, Rule: "cp.email.week", Why: "1 email already sent in the last week"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Sell: asked for it.", "RANK", "10.00", "NOT CHOSEN", "cp.email.week", "1 email already sent"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is missing in\n%s", want, out.String())
		}
	}
}
