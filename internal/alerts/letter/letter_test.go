package letter

import (
	"strings"
	"testing"
	"time"

	"heed/internal/event"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func writer(t *testing.T, zone string) *Writer {
	t.Helper()
	at, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	w, err := New(at)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestAnAlertInEachLanguage(t *testing.T) {
	w := writer(t, "Asia/Kolkata")
	a := event.Alert{
		Kind: "change", Name: "Late refunds", Count: 31, Unit: "calls", From: noon.Add(-24 * time.Hour), To: noon, Expected: 11.4, Sample: 402,
		Link: "https://heed.example/search?saved=s1&days=2026-03-01..2026-03-02",
	}
	l, err := w.Alert(a, Reader{Language: "en", Leave: "https://heed.example/unsubscribe/x"})
	if err != nil || l.Subject != "Late refunds: more than usual, 31 calls in the last day" {
		t.Fatalf("%q, %v", l.Subject, err)
	}
	const text = `Late refunds

This differs from the same days of the past weeks by more than chance.

Found: 31 calls
Usual: about 11.4
Compared with: 402 calls
From: 1 March 2026, 17:30
To: 2 March 2026, 17:30

Open the calls behind this:
https://heed.example/search?saved=s1&days=2026-03-01..2026-03-02

Times are those of Asia/Kolkata.
You get this because you asked Heed to tell you.
Tell me no more: https://heed.example/unsubscribe/x
`
	if l.Text != text {
		t.Errorf("%s", l.Text)
	}
	if !strings.Contains(l.HTML, `href="https://heed.example/search?saved=s1&amp;days=2026-03-01..2026-03-02"`) || !strings.Contains(l.HTML, `dir="ltr"`) {
		t.Errorf("%s", l.HTML)
	}
	for _, language := range w.Languages() {
		for _, kind := range []string{"threshold", "change", "new"} {
			for _, theme := range []string{"", "t1"} {
				a.Kind, a.ThemeID, a.Count = kind, theme, 2
				l, err := w.Alert(a, Reader{Language: language})
				if err != nil || strings.Contains(l.Subject+l.Text, "lead.") || strings.Contains(l.Subject+l.Text, "subject.") || strings.ContainsAny(l.Text, "{}") {
					t.Errorf("%s of %s: %v\n%s\n%s", kind, language, err, l.Subject, l.Text)
				}
				if (language == "ar") != strings.Contains(l.HTML, `dir="rtl"`) {
					t.Errorf("%s is written the other way", language)
				}
			}
		}
	}
}

// A name is a name: it brings in neither markup nor lines, and is not endless.
func TestNamesBringNothingIn(t *testing.T) {
	w := writer(t, "UTC")
	name := "a\r\nBcc: eve@example.com <script>alert(1)</script> " + strings.Repeat("x", 500)
	l, err := w.Alert(event.Alert{Kind: "threshold", Name: name, Unit: "lines", Count: 1, From: noon.Add(-time.Hour), To: noon, Link: "javascript:alert(1)"}, Reader{})
	if err != nil || strings.ContainsAny(l.Subject, "\r\n") || len([]rune(l.Subject)) > 200 || strings.Contains(l.HTML, "<script>") || strings.Contains(l.HTML, `href="javascript`) {
		t.Errorf("%v %q\n%s", err, l.Subject, l.HTML)
	}
	l, err = w.Alert(event.Alert{Kind: "threshold", Unit: "lines", Count: 1, From: noon.Add(-time.Hour), To: noon}, Reader{})
	if err != nil || l.Subject != "a search of yours: 1 line in the last hour" {
		t.Errorf("without a name: %q, %v", l.Subject, err)
	}
}

func TestADigest(t *testing.T) {
	w := writer(t, "UTC")
	k := Week{From: noon.AddDate(0, 0, -7), To: noon, Link: func(theme string) string { return "https://heed.example/themes/" + theme }}
	if k.Searches = []Tally{{Name: "Silence"}}; !k.Empty() {
		t.Error("silence is news")
	}
	k.Searches = []Tally{{"Refunds", 0, 3, "https://heed.example/search?saved=s1"}}
	k.Themes = []event.Emergence{{ThemeID: "t1", Title: "Router", Observed: 5}}
	l, err := w.Digest(k, Reader{Language: "en"})
	if k.Empty() || err != nil || strings.Contains(l.Text, "Alerts of the week") {
		t.Errorf("%v\n%s", err, l.Text)
	}
	for _, want := range []string{"Refunds: 0 calls, 3 the week before\n  https://heed.example/search?saved=s1", "Router: 5 calls\n  https://heed.example/themes/t1"} {
		if !strings.Contains(l.Text, want) {
			t.Errorf("%q is not in\n%s", want, l.Text)
		}
	}
}

func TestThePageOfWhoWantsNoMore(t *testing.T) {
	w := writer(t, "UTC")
	for stage, button := range map[Stage]bool{Ask: true, Done: false, Bad: false} {
		var out strings.Builder
		if err := w.Page(&out, "ar, en;q=0.5", stage); err != nil || strings.Contains(out.String(), `<form method="post">`) != button || !strings.Contains(out.String(), `lang="ar"`) {
			t.Errorf("%s: %v\n%s", stage, err, out.String())
		}
	}
}
