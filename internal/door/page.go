package door

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"text/template/parse"
	"time"

	"heed/internal/door/known"
	"heed/internal/door/pass"
	"heed/internal/door/texts"
)

//go:embed pages/*.html pages/style.css
var files embed.FS

// pages are the templates of each language.
type pages struct {
	style []byte
	by    map[string]map[string]*template.Template // language -> page
}

// view is what a page is made from.
type view struct {
	Lang      *texts.Language
	Languages []*texts.Language
	Company   string
	Page      string // its name, which marks the place in the navigation
	Path      string // to come back to after another language was chosen
	Visit     *pass.Visit
	Forget    bool // offered here
	Note      string
	Undo      string // the act that can be undone
	Problems  []problem
	Style     template.CSS // only of pages that stand alone
	Data      any
}

// problem is something that the person should mend.
type problem struct{ Field, Text string }

func pageNames() []string {
	return []string{
		"ask", "code", "open", "known", "choices", "history", "calls", "call", "offers", "copy", "forget", "gone", "refused",
		"all", "one",
	}
}

// newPages parses every page in every language and refuses a text that is not
// there.
func newPages(o Options) (*pages, error) {
	p := &pages{by: map[string]map[string]*template.Template{}}
	err := askable(o.Texts)
	if err != nil {
		return nil, err
	}
	if p.style, err = files.ReadFile("pages/style.css"); err != nil {
		return nil, fmt.Errorf("style of the door: %w", err)
	}
	for _, l := range o.Texts.Languages() {
		p.by[l.Tag] = map[string]*template.Template{}
		for _, name := range pageNames() {
			frame := "pages/frame.html"
			if name == "all" || name == "one" {
				frame = "pages/alone.html"
			}
			t, err := template.New("").Funcs(functions(l, o)).ParseFS(files, frame, "pages/parts.html", "pages/"+name+".html")
			if err != nil {
				return nil, fmt.Errorf("page %s of the door: %w", name, err)
			}
			if missing := missingTexts(t, l); len(missing) > 0 {
				return nil, fmt.Errorf("page %s of the door: no text %v", name, missing)
			}
			p.by[l.Tag][name] = t
		}
	}
	return p, nil
}

// askable refuses texts without every question of the choices.
func askable(set *texts.Set) error {
	for _, l := range set.Languages() {
		for _, q := range questions() {
			if !l.Has(q.Key) {
				return fmt.Errorf("texts of the door: %s has no %s", l.Tag, q.Key)
			}
		}
	}
	return nil
}

// functions are what templates may call, bound to a language.
func functions(l *texts.Language, o Options) template.FuncMap {
	return template.FuncMap{
		"t": func(key string, places ...string) string { return l.T(key, isolated(l, places)...) },
		"n": func(key string, n int) string { return l.N(key, n) },

		"told":   func(x known.Decision) []known.Told { return o.Teller.Tell(l, x) },
		"named":  l.Named,
		"value":  l.Value,
		"clock":  func(s any) string { return l.Clock(seconds(s)) },
		"day":    func(t time.Time) string { return l.Day(t.In(o.Zone)) },
		"moment": func(t time.Time) string { return l.Moment(t.In(o.Zone)) },
		"utc":    func(t time.Time) string { return t.UTC().Format(time.RFC3339) },
		"zone":   o.Zone.String,
		"clean":  clean,
		"yesno":  func(v any) bool { _, is := v.(bool); return is },
		"typed":  func(v any) string { return clean(fmt.Sprint(v)) },
		"asking": func(c choice, token string) map[string]any { return map[string]any{"Choice": c, "Token": token} },
	}
}

// isolated keeps what is put into a text of the other direction from turning
// the words around it.
func isolated(l *texts.Language, places []string) []string {
	if l.Direction == "ltr" {
		return places
	}
	out := slices.Clone(places)
	for i := 1; i < len(out); i += 2 {
		out[i] = "\u2068" + out[i] + "\u2069"
	}
	return out
}

// clean takes out of other people's text what would turn the text around it.
func clean(s string) string {
	return strings.Map(func(c rune) rune {
		if (c >= '\u202a' && c <= '\u202e') || (c >= '\u2066' && c <= '\u2069') {
			return -1
		}
		return c
	}, s)
}

func seconds(v any) float64 {
	s, _ := strconv.ParseFloat(fmt.Sprint(v), 64)
	return s
}

// missingTexts walks a page for the texts that it asks for by name.
func missingTexts(t *template.Template, l *texts.Language) []string {
	var missing []string
	for _, part := range t.Templates() {
		if part.Tree == nil {
			continue
		}
		walk(part.Tree.Root, func(c *parse.CommandNode) {
			if len(c.Args) < 2 {
				return
			}
			fn, isFn := c.Args[0].(*parse.IdentifierNode)
			key, isKey := c.Args[1].(*parse.StringNode)
			if isFn && isKey && (fn.Ident == "t" || fn.Ident == "n") && !l.Has(key.Text) && !slices.Contains(missing, key.Text) {
				missing = append(missing, key.Text)
			}
		})
	}
	return missing
}

// walk visits every command below a node.
func walk(n parse.Node, visit func(*parse.CommandNode)) {
	for _, below := range under(n) {
		walk(below, visit)
	}
	if c, ok := n.(*parse.CommandNode); ok {
		visit(c)
	}
}

// under gives the nodes right below one.
func under(n parse.Node) []parse.Node {
	switch n := n.(type) {
	case *parse.ListNode:
		return n.Nodes
	case *parse.ActionNode:
		return []parse.Node{n.Pipe}
	case *parse.TemplateNode:
		return piped(n.Pipe)
	case *parse.IfNode:
		return parts(&n.BranchNode)
	case *parse.RangeNode:
		return parts(&n.BranchNode)
	case *parse.WithNode:
		return parts(&n.BranchNode)
	case *parse.PipeNode:
		out := make([]parse.Node, len(n.Cmds))
		for i := range n.Cmds {
			out[i] = n.Cmds[i]
		}
		return out
	case *parse.CommandNode:
		return n.Args
	}
	return nil
}

func piped(p *parse.PipeNode) []parse.Node {
	if p == nil {
		return nil
	}
	return []parse.Node{p}
}

func parts(b *parse.BranchNode) []parse.Node {
	out := append(piped(b.Pipe), b.List)
	if b.ElseList != nil {
		out = append(out, b.ElseList)
	}
	return out
}

// draw writes a page that stands alone.
func (p *pages) draw(w io.Writer, name string, v view) error {
	return p.by[v.Lang.Tag][name].ExecuteTemplate(w, "frame", v)
}

// show answers with a page, whole or not at all.
func (d *Door) show(w http.ResponseWriter, r *http.Request, status int, name string, v view) {
	v.Page, v.Languages, v.Company, v.Forget = name, d.o.Texts.Languages(), d.o.Company, d.o.Eraser != nil
	if v.Lang == nil {
		v.Lang = d.lang(r)
	}
	if r.Method == http.MethodGet && name != "open" {
		v.Path = r.URL.Path
	}
	var b bytes.Buffer
	if err := d.pages.draw(&b, name, v); err != nil {
		d.log.Error("page not made", "page", name, "error", err)
		http.Error(w, "something went wrong here; nothing was changed", http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", v.Lang.Tag)
	h.Set("Vary", "Accept-Language, Cookie")
	w.WriteHeader(status)
	if _, err := w.Write(b.Bytes()); err != nil {
		d.log.Debug("page not sent", "page", name, "error", err)
	}
}

// refuse answers with a page that says why not and what to do.
func (d *Door) refuse(w http.ResponseWriter, r *http.Request, status int) {
	d.show(w, r, status, "refused", view{Data: status})
}

// fail answers an error that is nobody's fault here.
func (d *Door) fail(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		return // nobody is there to read it
	}
	d.log.Error("request failed", "page", r.Pattern, "error", err)
	d.refuse(w, r, http.StatusInternalServerError)
}

func (d *Door) style(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=300")
	if _, err := w.Write(d.pages.style); err != nil {
		d.log.Debug("style not sent", "error", err)
	}
}

const languageCookie = "heed_my_language"

// lang is the language that the browser chose here, or asks for.
func (d *Door) lang(r *http.Request) *texts.Language {
	chosen := ""
	if c, err := r.Cookie(languageCookie); err == nil {
		chosen = c.Value
	}
	return d.o.Texts.Pick(chosen, r.Header.Get("Accept-Language"))
}

// language remembers another language and goes back to the page.
func (d *Door) language(w http.ResponseWriter, r *http.Request) {
	l := d.o.Texts.Pick(r.URL.Query().Get("to"))
	http.SetCookie(w, d.cookie(languageCookie, l.Tag, 365*24*time.Hour))
	to := r.URL.Query().Get("back")
	if !strings.HasPrefix(to, "/my/") || strings.ContainsAny(to, "\\?#\r\n") {
		to = "/my"
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// cookie makes a cookie for the door only.
func (d *Door) cookie(name, value string, life time.Duration) *http.Cookie {
	return &http.Cookie{
		Name: name, Value: value, Path: "/my", MaxAge: int(life.Seconds()), Secure: d.o.Secure,
		HttpOnly: true, SameSite: http.SameSiteStrictMode,
	}
}
