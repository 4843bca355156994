package campaigns

import (
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"heed/internal/event"
	"heed/internal/export"
	"heed/internal/store"
)

// Asked says which conversions are to be written.
type Asked struct {
	By       string // who asks
	Format   string // google-ads or microsoft-ads
	Of       string // orders, or calls: the qualified ones
	Identify string // clicks: by click ids, or numbers: by hashed telephone numbers
	From, To string // days, both included
}

// Formats, and what conversions are of and identified by.
const (
	GoogleAds    = "google-ads"
	MicrosoftAds = "microsoft-ads"
	OfOrders     = "orders"
	OfCalls      = "calls"
	ByClicks     = "clicks"
	ByNumbers    = "numbers"
)

// clicks are the click ids that a platform takes, the surest first.
var clicks = map[string][]string{GoogleAds: {"gclid", "gbraid", "wbraid"}, MicrosoftAds: {"msclkid"}}

// conversion is one that a platform is told.
type conversion struct {
	click, id string // the name of the click id, and the id
	number    string // E.164
	at        time.Time
	value     string // empty where there is none
	order     string // tells one from another
}

// File is what is written for a platform.
type File struct {
	event.Export

	form form
	rows []conversion
}

// Conversions gathers what may be told of a period, and writes down that it was
// asked for: only people are in it who allow that data is shared for
// advertising.
func (s *Service) Conversions(ctx context.Context, a Asked) (*File, error) {
	begin, end, err := s.period(a.From, a.To)
	if err != nil {
		return nil, err
	}
	f := &File{Export: event.Export{By: a.By, Format: a.Format, Of: a.Of, Identify: a.Identify, From: a.From, To: a.To, At: s.o.Now().UTC().Truncate(time.Millisecond)}}
	if f.form, err = formOf(a, s.o); err != nil {
		return nil, err
	}
	switch a.Of {
	case OfOrders:
		err = f.orders(ctx, s, begin, end)
	case OfCalls:
		err = f.calls(ctx, s, begin, end)
	default:
		err = fmt.Errorf("%w: there are conversions of orders and of calls, none of %q", ErrAsked, a.Of)
	}
	if err != nil {
		return nil, fmt.Errorf("conversions: %w", err)
	}
	f.Rows = len(f.rows)
	e, err := event.New(event.ConversionsExported, s.o.Now(), event.About{}, f.Export)
	if err == nil {
		err = s.o.Store.Write(ctx, func(tx *store.Tx) error { return tx.Append(e) })
	}
	if err != nil {
		return nil, fmt.Errorf("conversions: %w", err)
	}
	return f, nil
}

func (f *File) orders(ctx context.Context, s *Service, begin, end time.Time) error {
	journeys, _, err := s.journeys(ctx, begin, end)
	if err != nil {
		return err
	}
	for i := range journeys {
		j := &journeys[i]
		switch {
		case len(j.calls) == 0:
			f.Unknown++
		case !j.wishes.Share:
			f.Unwilling++
		case j.order.Amount == 0:
			f.GivenBack++
		default:
			f.add(j.calls, conversion{at: j.order.At, value: s.o.Currency.Text(j.order.Amount), order: j.order.ID})
		}
	}
	return nil
}

// add adds a conversion that followed from calls, known by the latest of them
// that can be told.
func (f *File) add(calls []store.CameFrom, c conversion) {
	for _, call := range slices.Backward(calls) {
		if f.Identify == ByNumbers {
			if c.number = customerOf(call.Call); c.number != "" {
				f.rows = append(f.rows, c)
				return
			}
			continue
		}
		for _, name := range clicks[f.Format] {
			if c.click, c.id = name, call.Origin.Clicks[name]; isID(c.id) {
				f.rows = append(f.rows, c)
				return
			}
		}
	}
	f.Unknown++
}

// isID says whether a text may be a click id: of letters that make no formula.
func isID(s string) bool {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
	return s != "" && strings.Trim(s, letters) == ""
}

// customerOf gives the customer's number of a call.
func customerOf(c event.Call) string {
	if c.Direction == "outbound" {
		return c.To
	}
	return c.From
}

func (f *File) calls(ctx context.Context, s *Service, begin, end time.Time) error {
	err := s.eachCall(ctx, begin, end, func(c *store.CameFrom, labels []store.CallLabel) error { return f.call(ctx, s, c, labels) })
	slices.Reverse(f.rows) // the calls came latest first
	return err
}

// call adds a call where it is qualified and may be told.
func (f *File) call(ctx context.Context, s *Service, c *store.CameFrom, labels []store.CallLabel) error {
	if !s.o.Rule.holds(float64(c.Call.Duration), labels) || f.Identify == ByClicks && len(c.Origin.Clicks) == 0 {
		return nil
	}
	w, err := s.o.Wishes(ctx, c.Call.CustomerID)
	if isErased(err) || errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if w.Untracked || !w.Share {
		f.Unwilling++
		return nil
	}
	f.add([]store.CameFrom{*c}, conversion{at: c.Call.StartedAt, order: c.Call.ID})
	return nil
}

// form is how a platform's file reads. Times are in the zone that its first row
// names.
type form struct {
	zone     string
	at       *time.Location
	name     string // of the conversion
	currency string
	heads    []string
	cells    func(c *conversion) []string // those that say who it was
	google   bool
}

// formOf finds the form. Google takes the name of a zone, Microsoft an offset:
// UTC has none that changes in summer.
func formOf(a Asked, o Options) (form, error) {
	f := form{zone: "+0000", at: time.UTC, name: o.Conversions.Order, currency: o.Currency.String()}
	if a.Of == OfCalls {
		f.name = o.Conversions.Call
	}
	switch {
	case clicks[a.Format] == nil:
		return f, fmt.Errorf("%w: there is no format %q", ErrAsked, a.Format)
	case a.Identify != ByClicks && a.Identify != ByNumbers:
		return f, fmt.Errorf("%w: people are identified by clicks or numbers, not by %q", ErrAsked, a.Identify)
	case a.Format == GoogleAds:
		f.zone, f.at, f.google = o.Zone.String(), o.Zone, true
	}
	switch {
	case a.Identify == ByNumbers:
		f.heads, f.cells = []string{"Phone Number"}, func(c *conversion) []string { return []string{hashed(c.number)} }
	case f.google:
		f.heads = []string{"Google Click ID", "GBRAID", "WBRAID"}
		f.cells = func(c *conversion) []string {
			cells := make([]string, 3)
			cells[slices.Index(clicks[GoogleAds], c.click)] = c.id
			return cells
		}
	default:
		f.heads, f.cells = []string{"Microsoft Click ID"}, func(c *conversion) []string { return []string{c.id} }
	}
	f.heads = append(f.heads, "Conversion Name", "Conversion Time", "Conversion Value", "Conversion Currency")
	if f.google {
		f.heads = append(f.heads, "Order ID", "Ad User Data", "Ad Personalization")
	}
	return f, nil
}

// hashed is a number as ad platforms compare them: the SHA-256 of its E.164 form,
// in hex.
func hashed(number string) string {
	sum := sha256.Sum256([]byte(number))
	return hex.EncodeToString(sum[:])
}

// WriteTo writes the file. No cell is a formula to a spreadsheet; click ids stand
// as they are, see isID.
func (f *File) WriteTo(to io.Writer) (int64, error) {
	n := &counter{w: to}
	w := csv.NewWriter(n)
	err := errors.Join(w.Write([]string{"Parameters:TimeZone=" + f.form.zone}), w.Write(f.form.heads))
	for i := range f.rows {
		c := &f.rows[i]
		cells := append(f.form.cells(c), export.Harmless(f.form.name), c.at.In(f.form.at).Format(time.DateTime), c.value, "")
		if c.value != "" {
			cells[len(cells)-1] = f.form.currency
		}
		if f.form.google {
			cells = append(cells, export.Harmless(c.order), "Granted", "Granted")
		}
		err = errors.Join(err, w.Write(cells))
	}
	w.Flush()
	return n.n, errors.Join(err, w.Error())
}

type counter struct {
	w io.Writer
	n int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.w.Write(p)
	c.n += int64(n)
	return n, err
}
