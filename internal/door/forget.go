package door

import (
	"net/http"
	"strings"
	"time"

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
	http.SetCookie(w, d.cookie(visitCookie, "", -time.Second))
	d.show(w, r, http.StatusOK, "gone", view{Data: id})
}
