package ledger

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"heed/internal/brain"
	"heed/internal/consent"
	"heed/internal/event"
	"heed/internal/notice"
)

// Receipt is a person's record of consent, with the fields of ISO/IEC TS
// 27560: who it is about and who answers for it, what was shown, each purpose
// with its data, basis, recipients and retention, and all that happened.
type Receipt struct {
	Schema     string            `json:"schema_version"`
	ID         string            `json:"record_id"`
	Made       time.Time         `json:"generated_at"`
	Subject    string            `json:"pii_principal_id"`
	Names      []KnownBy         `json:"identifiers"`
	Controller notice.Controller `json:"pii_controller"`
	Language   string            `json:"language"`
	Purposes   []ReceiptPurpose  `json:"processing"`
	Events     []ReceiptEvent    `json:"events"`
	Rights     string            `json:"rights"`
	Verified   bool              `json:"chain_verified"`
	Tip        string            `json:"chain_hash,omitempty"`
}

// ReceiptPurpose is what holds for one purpose.
type ReceiptPurpose struct {
	Purpose    consent.Purpose  `json:"purpose"`
	Title      string           `json:"title"`
	Basis      consent.Basis    `json:"lawful_basis"`
	Data       []string         `json:"pii_categories"`
	Retention  string           `json:"retention"`
	Recipients []string         `json:"recipients"`
	State      []ReceiptChannel `json:"state"`
}

// ReceiptChannel is what holds for a purpose on a channel; "" is all others.
type ReceiptChannel struct {
	Channel string        `json:"channel,omitempty"`
	State   consent.State `json:"state"`
	Why     string        `json:"why"`
}

// ReceiptEvent is one row as an event of the record.
type ReceiptEvent struct {
	ID           string        `json:"event_id"`
	Type         string        `json:"event_type" enum:"given,renewed,refused,withdrawn,expired,reset,confirmed,taken back,heard"`
	Time         time.Time     `json:"event_time"`
	Recorded     time.Time     `json:"recorded_at"`
	Expires      time.Time     `json:"valid_until,omitzero"`
	Purpose      string        `json:"purpose"`
	Channel      string        `json:"channel,omitempty"`
	Topic        string        `json:"topic,omitempty"`
	Actor        string        `json:"entity_id"`
	Source       string        `json:"source"`
	Method       string        `json:"method,omitempty"`
	Jurisdiction string        `json:"jurisdiction,omitempty"`
	Notice       *NoticeShown  `json:"notice,omitempty"`
	Call         *SpokenInCall `json:"call,omitempty"`
}

// NoticeShown is which words the person was shown.
type NoticeShown struct {
	ID       string `json:"notice_id,omitempty"`
	Version  int    `json:"version,omitempty"`
	Language string `json:"language,omitempty"`
	Hash     string `json:"hash"`
	Text     string `json:"text,omitempty"`
}

// SpokenInCall is where in which call it was said.
type SpokenInCall struct {
	ID     string  `json:"call_id"`
	Second float64 `json:"second"`
}

// Receipt makes a person's record as of now.
func (s *Service) Receipt(ctx context.Context, customerID, language string) (Receipt, error) {
	b, err := s.book(ctx, customerID)
	if err != nil {
		return Receipt{}, err
	}
	p, err := brain.Read(ctx, s.o.Store, customerID)
	if err != nil {
		return Receipt{}, err
	}
	systems, err := s.o.Store.Recipients(ctx)
	if err != nil {
		return Receipt{}, err
	}
	r := Receipt{
		Schema: "ISO/IEC TS 27560:2023", ID: event.NewID(), Made: s.now().UTC(), Subject: p.ID,
		Names: []KnownBy{}, Controller: s.o.Notice.Controller, Language: language,
		Events: []ReceiptEvent{}, Rights: s.o.Notice.Rights, Verified: b.whole(), Tip: b.tip(),
	}
	for _, i := range p.Identifiers {
		r.Names = append(r.Names, KnownBy{i.Type, i.Value})
	}
	for _, purpose := range consent.Purposes() {
		about := s.receiptPurpose(b, purpose)
		for _, system := range systems {
			if len(system.Purposes) == 0 || slices.Contains(system.Purposes, purpose) {
				about.Recipients = append(about.Recipients, system.Name)
			}
		}
		r.Purposes = append(r.Purposes, about)
	}
	for i := range b.rows {
		r.Events = append(r.Events, s.receiptEvent(b.rows[:i], &b.rows[i]))
	}
	return r, nil
}

func (s *Service) receiptPurpose(b *book, p consent.Purpose) ReceiptPurpose {
	about := s.o.Notice.Of(p)
	out := ReceiptPurpose{
		Purpose: p, Title: about.Title, Basis: about.Basis, Data: about.Data, Retention: about.Retention, Recipients: []string{},
	}
	for i, channel := range append([]string{""}, consent.Channels()...) {
		a := b.index.Now(consent.Cell{Purpose: p, Channel: channel}, s.now())
		if i > 0 && a.State == out.State[0].State {
			continue // as in general
		}
		out.State = append(out.State, ReceiptChannel{channel, a.State, why(a)})
	}
	return out
}

func (s *Service) receiptEvent(before []consent.Row, r *consent.Row) ReceiptEvent {
	e := ReceiptEvent{
		ID: r.ID, Type: eventType(before, r), Time: r.At, Recorded: r.RecordedAt, Expires: r.Expires,
		Purpose: string(r.Purpose), Channel: r.Channel, Topic: r.Topic, Actor: r.Actor, Source: r.Source,
		Method: r.Method, Jurisdiction: r.Jurisdiction,
	}
	switch {
	case r.WordingID != "":
		e.Notice = &NoticeShown{ID: r.WordingID, Version: r.WordingVersion, Language: r.Language, Hash: r.WordingHash}
		if t, ok := s.o.Notice.Wording(r.WordingID, r.WordingVersion, r.Language); ok && t.Hash == r.WordingHash {
			e.Notice.Text = t.Text
		}
	case r.Wording != "":
		e.Notice = &NoticeShown{Language: r.Language, Hash: notice.HashOf(r.Wording), Text: r.Wording}
	}
	if r.CallID != "" {
		e.Call = &SpokenInCall{r.CallID, r.CallSecond}
	}
	return e
}

// eventType names a row as the standard's events are named.
func eventType(before []consent.Row, r *consent.Row) string {
	switch {
	case r.Lifts != "":
		return "taken back"
	case r.Confirms != "":
		return "confirmed"
	case r.Provisional:
		return "heard"
	case r.State == consent.Granted && consent.Now(before, r.Cell, r.At).State == consent.Granted:
		return "renewed"
	}
	names := map[consent.State]string{
		consent.Granted: "given", consent.Denied: "refused", consent.Withdrawn: "withdrawn",
		consent.Expired: "expired", consent.Unknown: "reset",
	}
	return names[r.State]
}

// Text is the receipt for people.
func (r Receipt) Text() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	const moment = "2 January 2006, 15:04 UTC"
	line("Receipt of consent")
	line("")
	line("Record %s, made on %s", r.ID, r.Made.Format(moment))
	line("Who answers for the data: %s, %s", r.Controller.Name, r.Controller.Contact)
	for _, i := range r.Names {
		line("About: %s %s", i.Type, i.Value)
	}
	for _, p := range r.Purposes {
		line("")
		line("%s", p.Title)
		line("  Data: %s. Kept: %s. Basis: %s.", strings.Join(p.Data, ", "), p.Retention, strings.ReplaceAll(string(p.Basis), "_", " "))
		if len(p.Recipients) > 0 {
			line("  Who is told: %s.", strings.Join(p.Recipients, ", "))
		}
		for _, c := range p.State {
			where := "In general"
			if c.Channel != "" {
				where = "By " + c.Channel
			}
			line("  %s: %s. %s", where, c.State, c.Why)
		}
	}
	line("")
	line("What happened")
	for _, e := range r.Events {
		what := strings.TrimSpace(e.Purpose + " " + e.Channel + " " + e.Topic)
		line("  %s: %s %s (%s, %s)", e.Time.Format(moment), what, e.Type, e.Source, e.Actor)
		if e.Notice != nil && e.Notice.Text != "" {
			line("    Asked: %q", e.Notice.Text)
		}
		if e.Call != nil {
			line("    Said on call %s at second %.1f", e.Call.ID, e.Call.Second)
		}
	}
	line("")
	line("Your rights")
	line("  %s", r.Rights)
	return b.String()
}
