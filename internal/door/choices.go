package door

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"heed/internal/consent"
	"heed/internal/door/pass"
	"heed/internal/door/texts"
)

// question is one use that a person says yes or no to.
type question struct {
	consent.Cell
	// Key of its text, which is what the ledger says was asked.
	Key string
}

// marketingChannels are the ways in which offers come.
func marketingChannels() []string {
	return []string{"email", "sms", "call", "post", "agent", "web", "push"}
}

// questions are all of them, in the order of the page.
func questions() []question {
	var out []question
	for _, channel := range marketingChannels() {
		out = append(out, question{consent.Cell{Purpose: consent.Marketing, Channel: channel}, "asked.marketing." + channel})
	}
	for _, p := range []consent.Purpose{consent.Profiling, consent.Research, consent.Recording, consent.Sale, consent.Tracking, consent.Processing} {
		out = append(out, question{consent.Cell{Purpose: p}, "asked." + string(p)})
	}
	return out
}

// choice is a question with its answer now.
type choice struct {
	question
	consent.Answer
	Yes bool
	// Said is when the person said so, zero when nobody did.
	Said time.Time
}

// Open tells whether the use goes on: tracking, and the use of data at all, do
// until they are said no to, the others only after a yes.
func (c choice) Open() bool {
	return c.Yes || ((c.Purpose == consent.Tracking || c.Purpose == consent.Processing) && !c.Denies())
}

func choicesAt(rows []consent.Row, at time.Time) []choice {
	var out []choice
	for _, q := range questions() {
		c := choice{question: q, Answer: consent.Said(rows, q.Cell, at)}
		c.Yes = c.State == consent.Granted
		if c.Row != nil {
			c.Said = c.Row.At
		}
		out = append(out, c)
	}
	return out
}

// choicesView is what the page of choices shows.
type choicesView struct {
	Offers, Others  []choice
	Tracking, Usage choice
	// Stopped says that nothing is left to stop.
	Stopped bool
}

func (d *Door) choices(w http.ResponseWriter, r *http.Request, v pass.Visit) {
	rows, ok := d.ledger(w, r, v, "choices")
	if !ok {
		return
	}
	page := view{Visit: &v}
	if act := r.URL.Query().Get("done"); len(undoable(rows, act, d.o.Now())) > 0 {
		page.Note, page.Undo = d.lang(r).T("choices.saved"), act
	} else if r.URL.Query().Has("undone") {
		page.Note = d.lang(r).T("choices.undone")
	}
	all := choicesAt(rows, d.o.Now())
	offers := len(marketingChannels())
	last := len(all) - 2
	data := choicesView{Offers: all[:offers], Others: all[offers:last], Tracking: all[last], Usage: all[last+1]}
	data.Stopped = !slices.ContainsFunc(all[:last+1], func(c choice) bool { return !c.Denies() })
	page.Data = data
	d.show(w, r, http.StatusOK, "choices", page)
}

// ledger reads the person's rows and notes that they were looked at; false
// when the answer was given.
func (d *Door) ledger(w http.ResponseWriter, r *http.Request, v pass.Visit, what string) ([]consent.Row, bool) {
	rows, err := d.o.Reader.Ledger(r.Context(), v.CustomerID)
	if err == nil && r.Method == http.MethodGet {
		err = d.o.Keeper.Note(r.Context(), v, "read", what)
	}
	if err != nil {
		d.fail(w, r, err)
		return nil, false
	}
	return rows, true
}

// change is one press of a button: the rows of it share an act, so that they
// can be undone together.
type change struct {
	act, customer string
	lang          *texts.Language
}

const (
	ownPages = "own pages" // the source of the rows that are written here
	actMark  = "act "
)

// write adds rows to the ledger in the order given.
func (d *Door) write(ctx context.Context, c change, cells []question, state func(question) consent.State) error {
	for _, q := range cells {
		_, err := d.o.Acts.SetConsent(ctx, consent.Row{
			CustomerID: c.customer, Cell: q.Cell, State: state(q),
			Source: ownPages, Actor: "customer", Wording: c.lang.T(q.Key), Language: c.lang.Tag,
			Basis: consent.ByConsent, Medium: "web", Method: "pressed a button", Evidence: actMark + c.act,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// choose says yes or no to one use.
func (d *Door) choose(w http.ResponseWriter, r *http.Request, v pass.Visit) {
	rows, ok := d.ledger(w, r, v, "choices")
	if !ok {
		return
	}
	all := choicesAt(rows, d.o.Now())
	i := slices.IndexFunc(all, func(c choice) bool { return c.Key == r.PostForm.Get("use") })
	say := r.PostForm.Get("say")
	if i < 0 || (say != "yes" && say != "no") {
		d.refuse(w, r, http.StatusUnprocessableEntity)
		return
	}
	state := said(all[i], say)
	if state == all[i].State {
		http.Redirect(w, r, "/my/choices", http.StatusSeeOther)
		return
	}
	c := d.change(r, v)
	err := d.write(r.Context(), c, []question{all[i].question}, func(question) consent.State { return state })
	d.done(w, r, c, err)
}

// said gives the state that an answer makes: a no after a yes takes it back.
func said(c choice, say string) consent.State {
	switch {
	case say == "yes":
		return consent.Granted
	case c.Denies():
		return c.State
	case c.Open() || c.State == consent.Expired:
		return consent.Withdrawn
	default:
		return consent.Denied
	}
}

func (d *Door) change(r *http.Request, v pass.Visit) change {
	return change{act: pass.Try()[:16], customer: v.CustomerID, lang: d.lang(r)}
}

// done goes back to the choices, where the change can be undone.
func (d *Door) done(w http.ResponseWriter, r *http.Request, c change, err error) {
	if err != nil {
		d.fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/my/choices?done="+c.act, http.StatusSeeOther)
}

// stop says no to everything that is not the service itself, at once. Pausing
// the use of data is another wish: it would outlast a later yes.
func (d *Door) stop(w http.ResponseWriter, r *http.Request, v pass.Visit) {
	c := d.change(r, v)
	var whole []question
	for _, q := range questions() {
		q.Channel, q.Key = "", "stop.asked"
		if q.Purpose != consent.Processing && !slices.Contains(whole, q) {
			whole = append(whole, q)
		}
	}
	err := d.write(r.Context(), c, whole, func(question) consent.State { return consent.Withdrawn })
	d.done(w, r, c, err)
}

// undone is how long after an act it can be undone; the ledger allows no more.
const undone = 10 * time.Minute

// undoable gives the rows of an act that can still be undone.
func undoable(rows []consent.Row, act string, now time.Time) []consent.Row {
	var out []consent.Row
	for _, r := range written(rows) {
		lifted := slices.ContainsFunc(rows, func(other consent.Row) bool { return other.Lifts == r.ID })
		if r.Source == ownPages && r.Evidence == actMark+act && !lifted && now.Sub(r.RecordedAt) < undone {
			out = append(out, r)
		}
	}
	return out
}

// undo lifts every row of an act: the ledger then answers as if it had never
// been, and keeps that it was.
func (d *Door) undo(w http.ResponseWriter, r *http.Request, v pass.Visit) {
	rows, ok := d.ledger(w, r, v, "choices")
	if !ok {
		return
	}
	of := undoable(rows, r.PostForm.Get("act"), d.o.Now())
	if len(of) == 0 {
		d.refuse(w, r, http.StatusNotFound)
		return
	}
	for _, row := range of {
		_, err := d.o.Acts.SetConsent(r.Context(), consent.Row{
			CustomerID: row.CustomerID, Cell: row.Cell, State: consent.Unknown, Lifts: row.ID,
			Source: ownPages, Actor: row.Actor, Medium: "web", Evidence: "undone at once",
		})
		if err != nil {
			d.fail(w, r, err)
			return
		}
	}
	http.Redirect(w, r, "/my/choices?undone=1", http.StatusSeeOther)
}

// historyPage is how many rows of the ledger a page shows.
const historyPage = 50

// written gives each row once, in the order of writing: the ledger of people
// who are one names a row for each of them that it holds for.
func written(rows []consent.Row) []consent.Row {
	out := slices.Clone(rows)
	slices.SortStableFunc(out, func(a, b consent.Row) int { return a.RecordedAt.Compare(b.RecordedAt) })
	seen := map[string]bool{}
	return slices.DeleteFunc(out, func(r consent.Row) bool {
		was := seen[r.ID]
		seen[r.ID] = true
		return was
	})
}

// historyView is a part of the ledger, the latest row first.
type historyView struct {
	Rows  []consent.Row
	Older int // the number of the row before which the next page ends; 0 for none
}

func (d *Door) history(w http.ResponseWriter, r *http.Request, v pass.Visit) {
	rows, ok := d.ledger(w, r, v, "history")
	if !ok {
		return
	}
	rows = written(rows)
	end, err := before(r.URL.Query().Get("before"), len(rows))
	if err != nil {
		d.refuse(w, r, http.StatusBadRequest)
		return
	}
	start := max(0, end-historyPage)
	part := slices.Clone(rows[start:end])
	slices.Reverse(part)
	d.show(w, r, http.StatusOK, "history", view{Visit: &v, Data: historyView{part, start}})
}

// before reads the number of a row; none means behind the last.
func before(s string, n int) (int, error) {
	if strings.TrimSpace(s) == "" {
		return n, nil
	}
	i, err := strconv.Atoi(s)
	if err != nil || i < 0 || i > n {
		return 0, errors.New("no row has this number")
	}
	return i, nil
}
