package door

import (
	"archive/zip"
	"context"
	"encoding/json"
	"errors"
	"html/template"
	"io"
	"net/http"
	"time"

	"heed/internal/consent"
	"heed/internal/door/known"
	"heed/internal/door/pass"
	"heed/internal/door/texts"
)

func (d *Door) copyPage(w http.ResponseWriter, r *http.Request, v pass.Visit) {
	d.show(w, r, http.StatusOK, "copy", view{Visit: &v})
}

// copy streams everything that is known of the person as one ZIP file: pages
// to read, and the same as JSON for programs.
func (d *Door) copy(w http.ResponseWriter, r *http.Request, v pass.Visit) {
	if !d.copies.Allow(v.CustomerID) {
		w.Header().Set("Retry-After", "600")
		d.refuse(w, r, http.StatusTooManyRequests)
		return
	}
	p, err := d.o.Reader.Person(r.Context(), v.CustomerID)
	if err == nil {
		err = d.o.Keeper.Note(r.Context(), v, "copied", "all")
	}
	if err != nil {
		d.fail(w, r, err)
		return
	}
	now := d.o.Now()
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", `attachment; filename="my-data-`+now.UTC().Format("2006-01-02")+`.zip"`)
	b := bundle{d: d, lang: d.lang(r), zip: zip.NewWriter(w), now: now, id: v.CustomerID}
	if err := b.write(r.Context(), p); err != nil {
		// Too late for another answer: a ZIP without its end is seen as broken.
		d.log.Error("copy broke off", "error", err)
		panic(http.ErrAbortHandler)
	}
}

// bundle is a copy in the making.
type bundle struct {
	d    *Door
	lang *texts.Language
	zip  *zip.Writer
	now  time.Time
	id   string
}

// allView is the first page of a copy.
type allView struct {
	known.Person
	Made    time.Time
	Choices []choice
	Rows    []consent.Row
	Calls   []known.Call
	Offers  []known.Decision
}

func (b bundle) write(ctx context.Context, p known.Person) error {
	all := allView{Person: p, Made: b.now}
	var err error
	if all.Rows, err = b.d.o.Reader.Ledger(ctx, b.id); err != nil {
		return err
	}
	all.Choices, all.Rows = choicesAt(all.Rows, b.now), written(all.Rows)
	for _, step := range []func() error{
		func() error { return b.json("profile.json", p) },
		func() error { return b.json("consent.json", map[string]any{"rows": all.Rows, "now": all.Choices}) },
		func() error { return b.receipt(ctx) },
		func() error { return b.events(ctx) },
		func() error { return b.offers(ctx, &all) },
		func() error { return b.calls(ctx, &all) },
		func() error { return b.page("index.html", "all", all) },
		b.zip.Close,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (b bundle) create(name string) (io.Writer, error) {
	return b.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: b.now.UTC()})
}

func (b bundle) json(name string, v any) error {
	w, err := b.create(name)
	if err != nil {
		return err
	}
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	return enc.Encode(v)
}

func (b bundle) page(name, page string, data any) error {
	w, err := b.create(name)
	if err != nil {
		return err
	}
	return b.d.pages.draw(w, page, view{
		Lang: b.lang, Company: b.d.o.Company, Page: page, Data: data,
		Style: template.CSS(b.d.pages.style), //nolint:gosec // a file of the binary, nobody's input
	})
}

// receipt writes the record of consent, for programs and to read.
func (b bundle) receipt(ctx context.Context) error {
	r, err := b.d.o.Receipts.Receipt(ctx, b.id, b.lang.Tag)
	if err != nil {
		return err
	}
	if err := b.json("receipt.json", r); err != nil {
		return err
	}
	w, err := b.create("receipt.txt")
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, r.Text())
	return err
}

// events writes the log about the person, one event a line, as it is read.
func (b bundle) events(ctx context.Context) error {
	w, err := b.create("events.ndjson")
	if err != nil {
		return err
	}
	enc := json.NewEncoder(w)
	return b.d.o.Reader.Events(ctx, b.id, enc.Encode)
}

func (b bundle) offers(ctx context.Context, all *allView) error {
	for after := ""; ; {
		found, next, err := b.d.o.Reader.Decisions(ctx, b.id, after)
		if err != nil {
			return err
		}
		all.Offers = append(all.Offers, found...)
		if next == "" {
			return b.json("decisions.json", all.Offers)
		}
		after = next
	}
}

// calls writes each call on a page of its own, with its words and its audio.
func (b bundle) calls(ctx context.Context, all *allView) error {
	for after := ""; ; {
		calls, next, err := b.d.o.Reader.Calls(ctx, b.id, after)
		if err != nil {
			return err
		}
		for _, c := range calls {
			if err := b.call(ctx, c.ID); err != nil {
				return err
			}
		}
		all.Calls = append(all.Calls, calls...)
		if next == "" {
			return nil
		}
		after = next
	}
}

func (b bundle) call(ctx context.Context, id string) error {
	c, err := b.d.o.Reader.Call(ctx, b.id, id)
	if err != nil {
		return err
	}
	if err := errors.Join(b.json("calls/"+id+".json", c), b.page("calls/"+id+".html", "one", c)); err != nil || !c.Listen {
		return err
	}
	wav, _, err := b.d.o.Reader.Recording(ctx, b.id, id)
	if errors.Is(err, known.ErrNotTheirs) {
		return nil // it was deleted meanwhile
	}
	if err != nil {
		return err
	}
	defer func() { _ = wav.Close() }() // only read
	w, err := b.create("recordings/" + id + ".wav")
	if err != nil {
		return err
	}
	_, err = io.Copy(w, wav)
	return err
}
