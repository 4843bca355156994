package door

import (
	"errors"
	"io/fs"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"heed/internal/door/known"
	"heed/internal/door/pass"
)

// knownView is what the page of what is known shows.
type knownView struct {
	known.Person
	// Wrong and Typed bring a correction back that was refused.
	Wrong, Typed string
}

func (d *Door) known(w http.ResponseWriter, r *http.Request, v pass.Visit) {
	page := view{Visit: &v}
	if r.URL.Query().Has("corrected") {
		page.Note = d.lang(r).T("known.corrected")
	}
	d.showKnown(w, r, page, knownView{})
}

func (d *Door) showKnown(w http.ResponseWriter, r *http.Request, page view, data knownView) {
	p, err := d.o.Reader.Person(r.Context(), page.Visit.CustomerID)
	if err == nil {
		err = d.o.Keeper.Note(r.Context(), *page.Visit, "read", "known")
	}
	if err != nil {
		d.fail(w, r, err)
		return
	}
	data.Person = p
	page.Data = data
	status := http.StatusOK
	if len(page.Problems) > 0 {
		status = http.StatusUnprocessableEntity
	}
	d.show(w, r, status, "known", page)
}

// longestValue is how long a corrected fact may be, in characters.
const longestValue = 200

// correct records what the person says instead of what was noted.
func (d *Door) correct(w http.ResponseWriter, r *http.Request, v pass.Visit) {
	p, err := d.o.Reader.Person(r.Context(), v.CustomerID)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	name, typed := r.PostForm.Get("fact"), strings.TrimSpace(r.PostForm.Get("value"))
	i := slices.IndexFunc(p.Facts, func(f known.Fact) bool { return f.Name == name })
	if i < 0 {
		d.refuse(w, r, http.StatusNotFound)
		return
	}
	value, why := meant(typed, p.Facts[i].Value)
	if why == "" {
		if err = d.o.Acts.Declare(r.Context(), v.CustomerID, name, value); err != nil && errors.Is(err, d.o.Untrue) {
			why = "correct.other"
		}
	}
	if why != "" {
		d.showKnown(w, r, view{Visit: &v, Problems: []problem{{"fact-" + strconv.Itoa(i), d.lang(r).T(why)}}}, knownView{Wrong: name, Typed: typed})
		return
	}
	if err == nil {
		err = d.o.Keeper.Note(r.Context(), v, "corrected", "fact")
	}
	if err != nil {
		d.fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/my/known?corrected=1#facts", http.StatusSeeOther)
}

// meant reads what was typed as the kind of value that the fact has, or says
// which text tells what is wrong with it.
func meant(typed string, was any) (value any, why string) {
	switch {
	case typed == "":
		return nil, "correct.empty"
	case utf8.RuneCountInString(typed) > longestValue || !utf8.ValidString(typed) || strings.ContainsFunc(typed, unicode.IsControl):
		return nil, "correct.long"
	}
	switch was.(type) {
	case bool:
		return typed == "yes", ""
	case float64:
		x, err := strconv.ParseFloat(strings.ReplaceAll(typed, ",", "."), 64)
		if err != nil {
			return nil, "correct.number"
		}
		return x, ""
	}
	return typed, ""
}

// callsView is a page of calls.
type callsView struct {
	Calls []known.Call
	Next  string
}

func (d *Door) calls(w http.ResponseWriter, r *http.Request, v pass.Visit) {
	calls, next, err := d.o.Reader.Calls(r.Context(), v.CustomerID, mark(r))
	d.list(w, r, v, "calls", callsView{calls, next}, err)
}

// mark is where a list goes on. One that is too long to be ours is cut.
func mark(r *http.Request) string {
	s := r.URL.Query().Get("after")
	return s[:min(len(s), 256)]
}

func (d *Door) list(w http.ResponseWriter, r *http.Request, v pass.Visit, what string, data any, err error) {
	if errors.Is(err, known.ErrBadPage) {
		d.refuse(w, r, http.StatusBadRequest)
		return
	}
	if err == nil {
		err = d.o.Keeper.Note(r.Context(), v, "read", what)
	}
	if err != nil {
		d.fail(w, r, err)
		return
	}
	page := view{Visit: &v, Data: data}
	for _, act := range []string{"contested", "rests"} {
		if r.URL.Query().Has(act) {
			page.Note = d.lang(r).T("offers." + act)
		}
	}
	d.show(w, r, http.StatusOK, what, page)
}

func (d *Door) call(w http.ResponseWriter, r *http.Request, v pass.Visit) {
	c, err := d.o.Reader.Call(r.Context(), v.CustomerID, r.PathValue("id"))
	if errors.Is(err, known.ErrNotTheirs) {
		d.refuse(w, r, http.StatusNotFound)
		return
	}
	if err == nil {
		err = d.o.Keeper.Note(r.Context(), v, "read", "call/"+c.ID)
	}
	if err != nil {
		d.fail(w, r, err)
		return
	}
	d.show(w, r, http.StatusOK, "call", view{Visit: &v, Data: c})
}

// recording serves the audio with ranges, so that a player can seek.
func (d *Door) recording(w http.ResponseWriter, r *http.Request, v pass.Visit) {
	id := r.PathValue("id")
	wav, changed, err := d.o.Reader.Recording(r.Context(), v.CustomerID, id)
	switch {
	case errors.Is(err, known.ErrNotTheirs), errors.Is(err, fs.ErrNotExist):
		d.refuse(w, r, http.StatusNotFound)
		return
	case err != nil:
		d.fail(w, r, err)
		return
	}
	defer func() { _ = wav.Close() }() // only read
	if err := d.o.Keeper.Note(r.Context(), v, "read", "recording/"+id); err != nil {
		d.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "audio/wav")
	http.ServeContent(w, r, "", changed, wav)
}
