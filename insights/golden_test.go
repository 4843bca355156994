package insights_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"heed/fixtures"
	"heed/insights"
	"heed/insights/embed"
	"heed/insights/entity"
	"heed/insights/intent"
	"heed/insights/moment"
	"heed/insights/redact"
	"heed/insights/sentiment"
	"heed/insights/talk"
	"heed/insights/theme"
	"heed/insights/written"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// chain is what a live call runs.
var chain = sync.OnceValue(func() insights.Chain {
	set, err := intent.LoadFS(fixtures.Intents())
	must(err)
	encoder, err := embed.Default()
	must(err)
	model, err := intent.Train(set, intent.WithEncoder(encoder))
	must(err)
	themes, err := theme.Load(fixtures.Themes())
	must(err)
	moments, err := moment.New(moment.Options{})
	must(err)
	moods, err := sentiment.New(sentiment.Options{})
	must(err)
	products, err := entity.LoadProducts(fixtures.Products())
	must(err)
	return insights.Chain{model, themes, entity.New(entity.Options{Products: products}), moments, moods}
})

func must(err error) {
	if err != nil {
		panic(err)
	}
}

// turns reads a fixture's transcript.
func turns(t testing.TB, name string) []insights.Utterance {
	t.Helper()
	data, err := fs.ReadFile(fixtures.Calls(), name+".json")
	if err != nil {
		t.Fatal(err)
	}
	var script struct {
		Turns []struct {
			Role       string
			Start, End float64
			Text       string
		}
	}
	if err := json.Unmarshal(data, &script); err != nil {
		t.Fatal(err)
	}
	var out []insights.Utterance
	for i, turn := range script.Turns {
		out = append(out, insights.Utterance{
			ID: fmt.Sprintf("u%02d", i+1), CallID: name, Seq: i + 1, Speaker: insights.Speaker(turn.Role),
			Start: insights.Seconds(turn.Start), End: insights.Seconds(turn.End), Text: turn.Text, Confidence: 1,
		})
	}
	return out
}

// understand runs a whole call through redaction and every analyzer.
func understand(us []insights.Utterance) (call insights.Call, mutes []redact.Mute) {
	r := redact.New(redact.Policy{})
	for _, u := range us {
		u, found, silent := r.Final(u)
		mutes = append(mutes, silent...)
		found = append(found, chain().Analyze(&u, &call)...)
		call.Utterances = append(call.Utterances, u)
		call.Insights = append(call.Insights, found...)
	}
	call.Insights = append(call.Insights, talk.Measure(call.Utterances, us[len(us)-1].End, nil)...)
	return call, mutes
}

// render writes a call for people to review: one line an insight.
func render(call insights.Call, mutes []redact.Mute) string {
	var b strings.Builder
	for _, u := range call.Utterances {
		fmt.Fprintf(&b, "%7.2f %-8s %s\n", u.Start, u.Speaker, u.Text)
		for _, in := range call.Insights {
			if in.UtteranceID != u.ID {
				continue
			}
			var words []string
			for _, e := range in.Evidence {
				words = append(words, u.Text[e.From:e.To])
			}
			fmt.Fprintf(&b, "        %s.%s", in.Kind, in.Name)
			if in.Text != "" && in.Kind == insights.Entity {
				fmt.Fprintf(&b, " %s", in.Text)
			}
			if in.Value != 0 {
				fmt.Fprintf(&b, " %+.2f", in.Value)
			}
			fmt.Fprintf(&b, " (%.2f) %.2f-%.2f: %s\n", in.Confidence, in.Start, in.End, strings.Join(words, " | "))
		}
	}
	for _, m := range mutes {
		fmt.Fprintf(&b, "mute %s %.2f-%.2f\n", m.Speaker, m.From, m.To)
	}
	for _, in := range call.Insights {
		if in.Kind == insights.Talk {
			fmt.Fprintf(&b, "talk.%s %s %.3f\n", in.Name, in.Speaker, in.Value)
		}
	}
	return b.String()
}

// TestGoldenCalls shows what every fixture call means to Heed. Run with
// -update to rewrite the files, and review them as code.
func TestGoldenCalls(t *testing.T) {
	calls, err := fs.Glob(fixtures.Calls(), "*.json")
	if err != nil || len(calls) == 0 {
		t.Fatal("no calls", err)
	}
	for _, file := range calls {
		name := strings.TrimSuffix(file, ".json")
		t.Run(name, func(t *testing.T) {
			got := render(understand(turns(t, name)))
			golden := filepath.Join("testdata", name+".golden")
			if *update {
				must(os.MkdirAll("testdata", 0o755))
				must(os.WriteFile(golden, []byte(got), 0o644))
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// What each fixture call is about, whatever the exact figures.
func TestCallsAreUnderstood(t *testing.T) {
	for name, want := range map[string][]string{
		"cancel-competitor":    {"intent.cancel", "moment.competitor_named", "moment.price_objection", "theme.contract", "theme.competitor"},
		"late-delivery":        {"intent.delivery_problem", "theme.late_delivery"},
		"double-charge":        {"intent.double_charge", "theme.double_charge", "redacted.card_number"},
		"upgrade-fibre":        {"intent.upgrade_interest", "theme.upgrade"},
		"complaint-supervisor": {"intent.human", "intent.complaint", "moment.escalation"},
		"happy-thanks":         {"intent.praise", "theme.staff_praise", "moment.thanks"},
	} {
		call, _ := understand(turns(t, name))
		seen := make(map[string]bool)
		for _, in := range call.Insights {
			seen[string(in.Kind)+"."+in.Name] = true
		}
		for _, w := range want {
			if !seen[w] {
				t.Errorf("%s: no %s", name, w)
			}
		}
	}
}

// BenchmarkUtterance reads whole calls, one utterance after the other with the
// call before it, through redaction, written form, every analyzer and the talk
// figures: what each final costs (budget 2 ms of CPU at p99). Its p50 and p99
// are times of single utterances, reported beside the mean.
func BenchmarkUtterance(b *testing.B) {
	var calls [][]insights.Utterance
	for _, name := range []string{"cancel-competitor", "complaint-supervisor", "double-charge", "happy-thanks", "late-delivery", "upgrade-fibre"} {
		calls = append(calls, turns(b, name))
	}
	understand(calls[0])
	write := written.New(written.Options{})
	var took []time.Duration
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		us := calls[i%len(calls)]
		r, call := redact.New(redact.Policy{}), insights.Call{}
		for _, u := range us {
			began := time.Now()
			u, found, _ := r.Final(u)
			u.Written, u.WrittenWords = write.Write(&u)
			found = append(found, chain().Analyze(&u, &call)...)
			call.Utterances = append(call.Utterances, u)
			call.Insights = append(call.Insights, found...)
			talk.Measure(call.Utterances, 0, nil)
			took = append(took, time.Since(began))
		}
	}
	slices.Sort(took)
	at := func(q float64) float64 { return float64(took[int(q*float64(len(took)-1))].Microseconds()) }
	b.ReportMetric(at(.5), "µs/p50")
	b.ReportMetric(at(.99), "µs/p99")
	b.ReportMetric(at(1), "µs/max")
	b.ReportMetric(float64(len(took))/float64(b.N), "utterances/op")
}
