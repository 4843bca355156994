// Package letter writes what people are told by mail: an alert, a week's digest,
// and the page on which they say that they want no more, each in their language.
//
// There are counts in it, names that people gave and links, never what was said
// on a call nor what was searched for. It sends nothing.
package letter

import (
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"strings"
	"time"

	"heed/internal/alerts/rule"
	"heed/internal/door/texts"
	"heed/internal/event"
)

//go:embed *.yaml *.html
var files embed.FS

// Writer writes letters. It is safe for concurrent use.
type Writer struct {
	words *texts.Set
	zone  *time.Location
	forms *template.Template
}

// New makes a Writer whose times are those of a zone.
func New(zone *time.Location) (*Writer, error) {
	words, err := texts.Load(files)
	if err != nil {
		return nil, fmt.Errorf("letters: %w", err)
	}
	forms, err := template.ParseFS(files, "*.html")
	if err != nil {
		return nil, fmt.Errorf("letters: %w", err)
	}
	return &Writer{words, zone, forms}, nil
}

// Languages gives those that there are, as BCP 47 tags, English first.
func (w *Writer) Languages() []string {
	var out []string
	for _, l := range w.words.Languages() {
		out = append(out, l.Tag)
	}
	return out
}

// Letter is what goes out.
type Letter struct{ Subject, Text, HTML string }

// Row is a line of figures.
type Row struct{ Name, Value, Link string }

// part is rows under a title.
type part struct {
	Title string
	Rows  []Row
}

// body is what the form shows.
type body struct {
	Lang, Dir, Start             string
	Subject, Title, Lead         string
	Parts                        []part
	Link, More                   string
	Zone, Foot, Leave, LeaveText string
}

// line keeps a name that people gave in one line of a bounded length.
func line(s string) string {
	const longest = 120
	out := []rune(strings.Join(strings.Fields(s), " "))
	if len(out) > longest {
		out = append(out[:longest-1], '…')
	}
	return string(out)
}

// Reader is whom a letter is for.
type Reader struct {
	Language string
	// Leave is the address by which they want no more of them.
	Leave string
}

// Alert writes what came to pass. Links of the alert are whole addresses.
func (w *Writer) Alert(a event.Alert, to Reader) (Letter, error) {
	l := w.words.Pick(to.Language)
	name := line(a.Name)
	if name == "" {
		name = l.T("private")
	}
	count := l.N(a.Unit, a.Count)
	key := a.Kind
	if rule.Kind(a.Kind) == rule.Change {
		key = rule.Up
		if float64(a.Count) < a.Expected {
			key = rule.Down
		}
	}
	b := w.body(l, to)
	b.Subject = l.T("subject."+key, "name", name, "count", count, "period", l.T("period."+periodOf(a)))
	b.Title, b.Lead, b.Link, b.More = name, l.T("lead."+leadOf(a)), a.Link, l.T("more")
	rows := []Row{{Name: l.T("row.found"), Value: count}}
	if rule.Kind(a.Kind) == rule.Change {
		rows = append(rows, Row{Name: l.T("row.usual"), Value: l.T("usual", "n", l.Number(a.Expected, 1))},
			Row{Name: l.T("row.sample"), Value: l.N(rule.Calls, a.Sample)})
	}
	rows = append(rows, Row{Name: l.T("row.from"), Value: l.Moment(a.From.In(w.zone))}, Row{Name: l.T("row.to"), Value: l.Moment(a.To.In(w.zone))})
	b.Parts = []part{{Rows: rows}}
	return w.write(b)
}

// leadOf names what came to pass. What is new among the themes may be growing.
func leadOf(a event.Alert) string {
	if rule.Kind(a.Kind) == rule.New && a.ThemeID != "" {
		return "theme"
	}
	return a.Kind
}

func periodOf(a event.Alert) string {
	for name, d := range rule.Periods {
		if a.To.Sub(a.From) == d {
			return name
		}
	}
	return "day"
}

// Tally is a search with its figures of a week and of the one before.
type Tally struct {
	Name        string
	Now, Before int
	Link        string
}

// Week is a week of somebody.
type Week struct {
	From, To time.Time // To is exclusive
	Searches []Tally
	Themes   []event.Emergence
	Alerts   []event.Alert
	Link     func(theme string) string
}

// Empty says that there is nothing to tell: silence of all searches is none.
func (k Week) Empty() bool {
	for _, s := range k.Searches {
		if s.Now > 0 || s.Before > 0 {
			return false
		}
	}
	return len(k.Themes) == 0 && len(k.Alerts) == 0
}

// Digest writes a week.
func (w *Writer) Digest(k Week, to Reader) (Letter, error) {
	l := w.words.Pick(to.Language)
	b := w.body(l, to)
	from, last := k.From.In(w.zone), k.To.In(w.zone).AddDate(0, 0, -1)
	b.Subject = l.T("digest.subject", "from", l.Day(from))
	b.Title, b.Lead = b.Subject, l.T("digest.lead", "from", l.Day(from), "to", l.Day(last))
	var searches, themes, alerts []Row
	for _, s := range k.Searches {
		searches = append(searches, Row{line(s.Name), l.T("digest.before", "count", l.N(rule.Calls, s.Now), "before", l.Number(float64(s.Before), 0)), s.Link})
	}
	for _, t := range k.Themes {
		themes = append(themes, Row{line(t.Title), l.N(rule.Calls, t.Observed), k.Link(t.ThemeID)})
	}
	for _, a := range k.Alerts {
		alerts = append(alerts, Row{line(a.Name), l.N(a.Unit, a.Count) + " · " + l.Moment(a.To.In(w.zone)), a.Link})
	}
	for _, p := range []part{{l.T("digest.searches"), searches}, {l.T("digest.themes"), themes}, {l.T("digest.alerts"), alerts}} {
		if len(p.Rows) > 0 {
			b.Parts = append(b.Parts, p)
		}
	}
	return w.write(b)
}

func (w *Writer) body(l *texts.Language, to Reader) body {
	b := body{
		Lang: l.Tag, Dir: l.Direction, Start: "left", Leave: to.Leave,
		Zone: l.T("zone", "zone", w.zone.String()), Foot: l.T("leave"), LeaveText: l.T("leave.link"),
	}
	if b.Dir == "rtl" {
		b.Start = "right"
	}
	return b
}

// write gives a letter its two forms.
func (w *Writer) write(b body) (Letter, error) {
	var html, text strings.Builder
	if err := w.forms.ExecuteTemplate(&html, "letter.html", b); err != nil {
		return Letter{}, fmt.Errorf("letter: %w", err)
	}
	text.WriteString(b.Title + "\n\n" + b.Lead + "\n")
	for _, p := range b.Parts {
		text.WriteString("\n")
		if p.Title != "" {
			text.WriteString(p.Title + "\n")
		}
		for _, r := range p.Rows {
			text.WriteString(r.Name + ": " + r.Value + "\n")
			if r.Link != "" {
				text.WriteString("  " + r.Link + "\n")
			}
		}
	}
	if b.Link != "" {
		text.WriteString("\n" + b.More + ":\n" + b.Link + "\n")
	}
	text.WriteString("\n" + b.Zone + "\n" + b.Foot + "\n" + b.LeaveText + ": " + b.Leave + "\n")
	return Letter{Subject: b.Subject, Text: text.String(), HTML: html.String()}, nil
}

// Stage is where somebody is who wants no more.
type Stage string

// A page asks, says that it is done, or that its link is none.
const (
	Ask  Stage = "ask"
	Done Stage = "done"
	Bad  Stage = "bad"
)

// Page writes the page on which somebody says that they want no more.
func (w *Writer) Page(to io.Writer, language string, s Stage) error {
	l := w.words.Pick(language)
	page := struct{ Lang, Dir, Title, Text, Button string }{Lang: l.Tag, Dir: l.Direction, Title: l.T("leave.title"), Text: l.T("leave." + string(s))}
	if s == Ask {
		page.Button = l.T("leave.button")
	}
	if err := w.forms.ExecuteTemplate(to, "page.html", page); err != nil {
		return errors.Join(errors.New("page"), err)
	}
	return nil
}
