package door

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"heed/internal/door/known"
	"heed/internal/door/pass"
)

// forgetView is the page before the last step.
type forgetView struct{ Word string }

func (d *Door) forgetPage(w http.ResponseWriter, r *http.Request, v pass.Visit) {
	d.show(w, r, http.StatusOK, "forget", view{Visit: &v, Data: forgetView{d.lang(r).T("forget.word")}})
}

// forget erases the person once they typed the word that the page asked for,
// and shows the certificate. The visit is over then.
func (d *Door) forget(w http.ResponseWriter, r *http.Request, v pass.Visit) {
	l := d.lang(r)
	word := l.T("forget.word")
	if !strings.EqualFold(strings.TrimSpace(r.PostForm.Get("word")), word) {
		d.show(w, r, http.StatusUnprocessableEntity, "forget", view{
			Visit: &v, Data: forgetView{word}, Problems: []problem{{"word", l.T("forget.wrong", "word", word)}},
		})
		return
	}
	id, err := d.o.Eraser.Forget(r.Context(), v.CustomerID, "customer")
	if err == nil {
		err = d.o.Keeper.Drop(r.Context(), v.CustomerID)
	}
	if err != nil {
		d.fail(w, r, err)
		return
	}
	_, done, err := d.o.Eraser.Certificate(r.Context(), id)
	if err != nil {
		d.fail(w, r, err)
		return
	}
	http.SetCookie(w, d.cookie(visitCookie, "", -time.Second))
	d.show(w, r, http.StatusOK, "gone", view{Data: goneView{id, done}})
}

// goneView is the page after it.
type goneView struct {
	ID   string
	Done bool // false while a call of theirs goes on
}

// certificate gives the proof of an erasure to whoever has its number: there
// is nobody left to be asked for, and it tells of nobody.
func (d *Door) certificate(w http.ResponseWriter, r *http.Request) {
	text, _, err := d.o.Eraser.Certificate(r.Context(), r.PathValue("id"))
	switch {
	case errors.Is(err, known.ErrNotTheirs):
		d.refuse(w, r, http.StatusNotFound)
		return
	case err != nil:
		d.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="certificate-of-erasure.txt"`)
	if _, err := io.WriteString(w, text); err != nil {
		d.log.Debug("certificate not sent", "error", err)
	}
}
