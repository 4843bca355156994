package door

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"heed/internal/door/known"
	"heed/internal/door/pass"
)

const (
	visitCookie = "heed_my"
	tryCookie   = "heed_my_try"
)

// front leads somebody who is in to what is known, and asks the others who
// they are.
func (d *Door) front(w http.ResponseWriter, r *http.Request) {
	if _, err := d.visiting(r); err == nil {
		http.Redirect(w, r, "/my/known", http.StatusSeeOther)
		return
	}
	d.show(w, r, http.StatusOK, "ask", view{})
}

// visiting gives the visit that a request belongs to.
func (d *Door) visiting(r *http.Request) (pass.Visit, error) {
	c, err := r.Cookie(visitCookie)
	if err != nil {
		return pass.Visit{}, pass.ErrNobody
	}
	return d.o.Keeper.Visit(r.Context(), c.Value)
}

// guest lets only somebody in who has a visit; a form must also carry the
// visit's token.
func (d *Door) guest(next func(http.ResponseWriter, *http.Request, pass.Visit)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, err := d.visiting(r)
		switch {
		case errors.Is(err, pass.ErrNobody):
			d.show(w, r, http.StatusUnauthorized, "ask", view{Note: d.lang(r).T("ask.over")})
			return
		case err != nil:
			d.fail(w, r, err)
			return
		}
		if r.Method == http.MethodPost && !v.Right(r.PostForm.Get("token")) {
			d.refuse(w, r, http.StatusForbidden)
			return
		}
		if err := d.heed(r, v); err != nil {
			d.fail(w, r, err)
			return
		}
		next(w, r, v)
	}
}

// ask sends a link or a code to an address, if it is somebody's, and says the
// same whether or not.
func (d *Door) ask(w http.ResponseWriter, r *http.Request) {
	kind, value, ok := known.Normal(r.PostForm.Get("address"), d.o.Region)
	if !ok {
		d.show(w, r, http.StatusUnprocessableEntity, "ask", view{
			Problems: []problem{{"address", d.lang(r).T("ask.wrong")}}, Data: r.PostForm.Get("address"),
		})
		return
	}
	try, l := pass.Try(), d.lang(r)
	// Whether somebody has the address is looked at beside the request: how
	// long the answer takes says nothing.
	d.later(r.Context(), func(ctx context.Context) error {
		return d.prove(ctx, l, try, pass.Address{Type: kind, Value: value})
	})
	http.SetCookie(w, d.cookie(tryCookie, try, pass.CodeLife))
	http.Redirect(w, r, "/my/code", http.StatusSeeOther)
}

func (d *Door) codePage(w http.ResponseWriter, r *http.Request) {
	d.show(w, r, http.StatusOK, "code", view{})
}

// code tries the digits that a person typed.
func (d *Door) code(w http.ResponseWriter, r *http.Request) {
	try := ""
	if c, err := r.Cookie(tryCookie); err == nil {
		try = c.Value
	}
	o, err := d.o.Keeper.OpenCode(r.Context(), try, digitsOf(r.PostForm.Get("code")))
	l := d.lang(r)
	switch {
	case errors.Is(err, pass.ErrWrong):
		d.show(w, r, http.StatusUnprocessableEntity, "code", view{Problems: []problem{{"code", l.T("code.wrong")}}})
	case errors.Is(err, pass.ErrLocked):
		d.show(w, r, http.StatusForbidden, "ask", view{Note: l.T("code.locked")})
	case err != nil:
		d.fail(w, r, err)
	default:
		http.SetCookie(w, d.cookie(tryCookie, "", -time.Second))
		d.enter(w, r, o)
	}
}

// digitsOf keeps the digits of what was typed, in whichever script.
func digitsOf(s string) string {
	var b strings.Builder
	for _, c := range s {
		switch {
		case c >= '0' && c <= '9':
			b.WriteRune(c)
		case c >= '٠' && c <= '٩':
			b.WriteRune('0' + c - '٠')
		case c >= '۰' && c <= '۹':
			b.WriteRune('0' + c - '۰')
		}
	}
	return b.String()
}

// openPage asks to press a button: programs that look at links in mail before
// people do would use the link up.
func (d *Door) openPage(w http.ResponseWriter, r *http.Request) {
	d.show(w, r, http.StatusOK, "open", view{Data: r.URL.Query().Get("t")})
}

func (d *Door) open(w http.ResponseWriter, r *http.Request) {
	o, err := d.o.Keeper.OpenLink(r.Context(), r.PostForm.Get("t"))
	switch {
	case errors.Is(err, pass.ErrSpent):
		d.show(w, r, http.StatusForbidden, "ask", view{Note: d.lang(r).T("open.spent")})
	case err != nil:
		d.fail(w, r, err)
	default:
		d.enter(w, r, o)
	}
}

// enter gives the browser the new visit's secret; what it had before is ended.
// The address that the secret was sent to is the person's beyond doubt now.
func (d *Door) enter(w http.ResponseWriter, r *http.Request, o pass.Opened) {
	if err := d.o.Acts.Prove(r.Context(), o.CustomerID, o.Address.Type, o.Address.Value); err != nil {
		d.fail(w, r, err)
		return
	}
	if before, err := d.visiting(r); err == nil {
		if err := d.o.Keeper.Leave(r.Context(), before); err != nil {
			d.fail(w, r, err)
			return
		}
	}
	http.SetCookie(w, d.cookie(visitCookie, o.Secret, pass.VisitLife))
	http.Redirect(w, r, "/my/known", http.StatusSeeOther)
}

func (d *Door) leave(w http.ResponseWriter, r *http.Request, v pass.Visit) {
	if err := d.o.Keeper.Leave(r.Context(), v); err != nil {
		d.fail(w, r, err)
		return
	}
	http.SetCookie(w, d.cookie(visitCookie, "", -time.Second))
	d.show(w, r, http.StatusOK, "ask", view{Note: d.lang(r).T("left")})
}
