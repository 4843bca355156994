package door

import (
	"errors"
	"net/http"
	"slices"
	"strings"

	"heed/internal/consent"
	"heed/internal/door/known"
	"heed/internal/door/pass"
)

// offersView is a page of decisions.
type offersView struct {
	Offers []offer
	Next   string
}

// offer is a decision with what the person can do about it.
type offer struct {
	known.Decision

	Stops []choice // the uses that its suggestions rest on, as they are answered now
}

// offers shows what was suggested and why; what a suggestion rests on is stopped
// as every other choice is, and can be undone there.
func (d *Door) offers(w http.ResponseWriter, r *http.Request, v pass.Visit) {
	found, next, err := d.o.Reader.Decisions(r.Context(), v.CustomerID, mark(r))
	var rows []consent.Row
	if err == nil {
		rows, err = d.o.Reader.Ledger(r.Context(), v.CustomerID)
	}
	data := offersView{Next: next}
	now := choicesAt(rows, d.o.Now())
	for _, x := range latest(found) {
		data.Offers = append(data.Offers, offer{x, restsOn(x, now)})
	}
	d.list(w, r, v, "offers", data, err)
}

// restsOn gives the choices that allow the suggestions of a decision on its
// channel. What serves the person has none.
func restsOn(x known.Decision, now []choice) []choice {
	var out []choice
	for i := range x.Actions {
		of := consent.Cell{Purpose: x.Actions[i].AllowedBy.Purpose}
		if of.Purpose == consent.Marketing {
			of.Channel = x.Channel
		}
		at := slices.IndexFunc(now, func(c choice) bool { return c.Cell == of })
		if at >= 0 && !slices.ContainsFunc(out, func(c choice) bool { return c.Key == now[at].Key }) {
			out = append(out, now[at])
		}
	}
	return out
}

// latest leaves out what suggested nothing, and of a call, where each word may
// change what is suggested, all but the last and what was contested.
func latest(found []known.Decision) []known.Decision {
	seen := map[string]bool{}
	return slices.DeleteFunc(found, func(x known.Decision) bool {
		if len(x.Actions) == 0 {
			return true
		}
		later := x.CallID != "" && seen[x.CallID]
		seen[x.CallID] = true
		return later && x.Contest == nil
	})
}

// unfit records that a suggestion does not fit: it and its like rest.
func (d *Door) unfit(w http.ResponseWriter, r *http.Request, v pass.Visit) {
	id := r.PathValue("id")
	x, err := d.o.Reader.Owned(r.Context(), v.CustomerID, id)
	at := slices.Index(suggested(x), r.PostForm.Get("action"))
	switch {
	case err != nil:
	case at < 0:
		err = known.ErrNotTheirs
	default:
		err = d.o.Acts.Refuse(r.Context(), id, x.Actions[at].Action)
	}
	d.noted(w, r, v, "refused", id, "rests", err)
}

func suggested(x known.Decision) []string {
	out := make([]string, len(x.Actions))
	for i := range x.Actions {
		out[i] = x.Actions[i].Action
	}
	return out
}

// longestWords is how much a person may say against a decision, in bytes.
const longestWords = 4000

func (d *Door) contest(w http.ResponseWriter, r *http.Request, v pass.Visit) {
	words := strings.TrimSpace(strings.ToValidUTF8(r.PostForm.Get("words"), ""))
	if len(words) > longestWords {
		d.refuse(w, r, http.StatusUnprocessableEntity)
		return
	}
	id := r.PathValue("id")
	_, err := d.o.Reader.Owned(r.Context(), v.CustomerID, id)
	if err == nil {
		err = d.o.Acts.Contest(r.Context(), v.CustomerID, id, words)
	}
	d.noted(w, r, v, "contested", id, "contested", err)
}

// noted ends an act about a decision: it is noted, and the page of offers says so.
func (d *Door) noted(w http.ResponseWriter, r *http.Request, v pass.Visit, act, id, says string, err error) {
	if errors.Is(err, known.ErrNotTheirs) {
		d.refuse(w, r, http.StatusNotFound)
		return
	}
	if err == nil {
		err = d.o.Keeper.Note(r.Context(), v, act, "decision/"+id)
	}
	if err != nil {
		d.fail(w, r, err)
		return
	}
	http.Redirect(w, r, "/my/offers?"+says+"=1", http.StatusSeeOther)
}
