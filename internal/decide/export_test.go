package decide_test

import (
	"encoding/json"
	"os"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"heed/fixtures"
	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/decide"
)

// TestExportIsTheSame: what is exported is read as the same catalogue, with
// edits, levers and policy, decides the same, and is exported the same again.
func TestExportIsTheSame(t *testing.T) {
	t.Parallel()
	docs, err := decide.Documents(fixtures.Actions())
	if err != nil {
		t.Fatal(err)
	}
	first := docs[0]
	live, asides, err := decide.Compose(fixtures.Actions(), []decide.Edit{
		{Kind: decide.PolicyEdit, ID: decide.PolicyEdit, Doc: json.RawMessage(`{"steady": 1.5, "limits": {"email": {"most": 3}}}`)},
		{Kind: decide.ActionEdit, ID: first.ID, Doc: first.Doc, Retired: true},
		{Kind: decide.LeverEdit, ID: "l", Doc: json.RawMessage(`{"scope": "action", "name": "` + docs[1].ID +
			`", "percent": 40, "owner": "o", "reason": "r", "from": "2026-04-01T00:00:00Z", "until": "2026-05-01T00:00:00Z"}`)},
	})
	if err != nil || len(asides) > 0 {
		t.Fatal(err, asides)
	}
	example, err := decide.LoadCatalogue(os.DirFS("testdata/example_a"))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]*decide.Catalogue{"edited": live, "example": example} {
		files, err := c.Export()
		if err != nil {
			t.Fatal(err)
		}
		folder := fstest.MapFS{}
		for file, text := range files {
			folder[file] = &fstest.MapFile{Data: text}
		}
		again, err := decide.LoadCatalogue(folder)
		if err != nil {
			t.Fatalf("%s: %v\n%s", name, err, files["actions.yaml"])
		}
		if diff := cmp.Diff(c.Actions(), again.Actions()); diff != "" {
			t.Errorf("%s: actions differ:\n%s", name, diff)
		}
		if c.PolicyVersion() != again.PolicyVersion() {
			t.Errorf("%s: another policy: %v", name, again.Differences())
		}
		twice, err := again.Export()
		if err != nil || !slices.Equal(twice["actions.yaml"], files["actions.yaml"]) || !slices.Equal(twice["policy.yaml"], files["policy.yaml"]) {
			t.Errorf("%s: exported again it is not the same: %v", name, err)
		}
		if diff := cmp.Diff(answers(t, c), answers(t, again)); diff != "" {
			t.Errorf("%s: it decides differently:\n%s", name, diff)
		}
	}
}

// answers decides for somebody on each channel.
func answers(t *testing.T, c *decide.Catalogue) (out []decide.Decision) {
	t.Helper()
	d, err := decide.New(decide.Options{Catalogue: c, Propensity: decide.Fixed{}})
	if err != nil {
		t.Fatal(err)
	}
	p := customer.New("cus_1", noon.AddDate(-3, 0, 0))
	p.Seen(customer.Identifier{Type: "email", Value: "maria@example.com", FirstSeen: noon, LastSeen: noon})
	p.Observe(customer.Fact{EventID: "e", Name: "page.cancel", At: noon.Add(-time.Minute)})
	for _, s := range exampleSlots {
		dec := d.Decide("d", decide.Request{Slot: s.slot, Channel: s.channel, At: noon, Profile: p, Ledger: grant(consent.Marketing), N: 20})
		dec.Versions = nil // they name the files
		slices.Sort(dec.Reads)
		out = append(out, dec)
	}
	return out
}
