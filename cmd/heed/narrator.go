package main

import (
	"cmp"
	"fmt"
	"strings"

	"heed/insights"
	"heed/internal/desk"
	"heed/internal/event"
)

// narrator prints a call as it unfolds: each utterance once, and a suggestion
// when it or its reason changes.
type narrator struct {
	*terminal

	told      map[string]bool // ids of what was printed
	suggested string
	captions  event.CaptionState
}

// see prints what is new in a record. Records are in the order of speech, so
// what is new need not be at the end.
func (n *narrator) see(r *desk.Record) {
	if n.told == nil {
		n.told = make(map[string]bool)
	}
	for i := range r.Utterances {
		if u := &r.Utterances[i]; n.first(u.ID) {
			n.printf("%7.1f  %-8s  %s\n", float64(u.Start), u.Speaker, cmp.Or(u.Written, u.Text))
		}
	}
	for i := range r.Decisions {
		if d := &r.Decisions[i]; n.first(d.ID) && len(d.Actions) > 0 {
			n.suggest(d.Actions[0].Title + ": " + d.Actions[0].Because)
		}
	}
	if n.captions != r.Captions && (r.Captions == event.CaptionsPaused || n.captions == event.CaptionsPaused) {
		n.printf("%7s  captions are %s\n", "", r.Captions)
	}
	n.captions = r.Captions
}

func (n *narrator) first(id string) bool {
	known := n.told[id]
	n.told[id] = true
	return !known
}

func (n *narrator) suggest(what string) {
	if what == n.suggested {
		return
	}
	n.suggested = what
	n.printf("%7s  do next   %s\n", "", what)
}

// end sums the call up and says where to look at it.
func (n *narrator) end(r *desk.Record, server string) {
	n.see(r)
	n.printf("\n%s, %.0f s: %s\n", r.Status, float64(r.Duration), summary(r))
	for _, note := range r.Health.Notes {
		n.printf("note: %s\n", note)
	}
	n.printf("%s/calls/%s\n", server, r.ID)
}

func summary(r *desk.Record) string {
	said := []string{count(len(r.Utterances), "utterance")}
	if len(r.Utterances) == 0 {
		said[0] = "nobody was heard"
	}
	if wants := intents(r); wants != "" {
		said = append(said, "the customer's intents: "+wants)
	}
	if r.Recording.State != "kept" {
		said = append(said, "recording: "+cmp.Or(r.Recording.State, "none"))
	}
	return strings.Join(said, "; ")
}

// intents lists what the customer wanted, each once, in order.
func intents(r *desk.Record) string {
	var names []string
	seen := make(map[string]bool)
	for i := range r.Insights {
		in := &r.Insights[i]
		if in.Kind == insights.Intent && in.Speaker == insights.Customer && !seen[in.Name] {
			seen[in.Name] = true
			names = append(names, strings.ReplaceAll(in.Name, "_", " "))
		}
	}
	return strings.Join(names, ", ")
}

// count says how many there are of a thing.
func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
