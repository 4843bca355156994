// Package entity finds what is named in an utterance: sums of money, dates and
// times, numbers of orders and accounts, telephone numbers, e-mail addresses,
// products of a catalogue, people and places. Each comes with its value in one
// form however it was said, and with the words that said it.
//
// # Values
//
//	money             "USD 54.00", ISO 4217; Value is the sum
//	date              "2026-05-04", "2026-05", "2026-W21", "2026", "--05-04"
//	                  where the year is not known (ISO 8601); words that count
//	                  from the call's day, as they were said, when that is not
//	                  known: "next friday"
//	time              "15:30"; "3:30" where the half of the day is not known
//	duration          "P2W", "PT3H" (ISO 8601)
//	order_number, account_number, reference_number
//	                  the characters in one piece: "A20417"
//	phone             "+12025550143" (E.164), or the digits as said where they
//	                  are but part of a number
//	email             "j.smith@gmail.com"
//	product           the name in the catalogue
//	person, place     as written: "Maria Keller", "New York", "27 Lake Road"
//
// # How
//
// The words are written out by the package written and what it wrote is read:
// there is one reader of spoken numbers. Rules and no model. What people and
// places are is told by what stands around them, and by small lists; where that
// is not clear, nothing is said.
//
// # What it does not
//
// It sees what the redactor left. Numbers that belong to a password, a PIN, a
// card or a person's identity are no entities even when a policy keeps them.
// Spoken forms are read in English; in other languages what is written in
// digits and signs.
package entity

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"heed/insights"
	"heed/insights/spoken"
	"heed/insights/written"
)

// The types of entity: an insight's Name.
const (
	Money     = "money"
	Date      = "date"
	Time      = "time"
	Duration  = "duration"
	Order     = "order_number"
	Account   = "account_number"
	Reference = "reference_number"
	Phone     = "phone"
	Email     = "email"
	Product   = "product"
	Person    = "person"
	Place     = "place"
)

// version changes when what is found can change.
const version = 2

// Options say how the operator's customers speak.
type Options struct {
	// Region (ISO 3166) is the country of telephone numbers without one and of
	// "dollar" and "pound"; a call's own country goes before it. Empty is "US".
	Region string
	// Zone is where the call's day is told; nil takes the call's moment as it is.
	Zone *time.Location
	// Products is what customers may name; nil is nothing.
	Products *Catalogue
}

// Analyzer finds entities. It is never changed and safe for concurrent use.
type Analyzer struct {
	region   string
	zone     *time.Location
	writer   *written.Writer
	products *Catalogue
	model    string
}

var _ insights.Versioned = (*Analyzer)(nil)

// New makes an analyzer.
func New(o Options) *Analyzer {
	a := &Analyzer{region: cmp.Or(strings.ToUpper(o.Region), "US"), products: o.Products, zone: o.Zone, writer: written.New(written.Options{Region: o.Region})}
	a.model = fmt.Sprintf("entity/%d-%s", version, a.products.Version())
	return a
}

// Version names the rules and the catalogue: the same give the same version.
func (a *Analyzer) Version() string { return a.model }

// Analyze gives each entity of an utterance in the order in which they were
// said.
func (a *Analyzer) Analyze(u *insights.Utterance, call *insights.Call) []insights.Insight {
	if call == nil {
		call = &insights.Call{}
	}
	var out []insights.Insight
	asked, today := askedBefore(u, call), call.StartedAt
	if a.zone != nil && !today.IsZero() {
		today = today.In(a.zone)
	}
	for i, tokens := range a.split(u, call) {
		s := scan{
			tokens: tokens, region: a.regionOf(call), today: today, products: a.products, digits: !speaksEnglish(u, call),
		}
		if i == 0 {
			s.asked = asked
		}
		s.read()
		for _, f := range s.found {
			out = append(out, a.insight(u, &f))
		}
	}
	return out
}

func (a *Analyzer) insight(u *insights.Utterance, f *found) insights.Insight {
	start, end := spoken.Times(u, f.span)
	sure := f.sure
	if u.Confidence > 0 && u.Confidence < 1 {
		sure *= 0.6 + 0.4*u.Confidence
	}
	return insights.Insight{
		Kind: insights.Entity, Name: f.name, Text: f.text, Value: f.value, Confidence: float64(int(sure*1000+0.5)) / 1000,
		Speaker: u.Speaker, Start: start, End: end, Evidence: []insights.Span{f.span}, Model: a.model, UtteranceID: u.ID,
	}
}

// regionOf gives the country whose numbers and money are meant.
func (a *Analyzer) regionOf(call *insights.Call) string {
	return cmp.Or(strings.ToUpper(call.Country), a.region)
}

// found is an entity on its way out.
type found struct {
	name, text string
	value      float64
	sure       float64
	span       insights.Span
}
