package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/customer"
	"heed/internal/decide"
	"heed/internal/event"
	"heed/internal/vault"
)

// secret is a word that is on a call, in what is derived from it and in what
// people wrote of it.
const secret = "xylophone"

// everywhere gives the columns of the database, sealed or not, in which a word
// is, as "table.column". A sealed document that cannot be opened fails the test.
func everywhere(t *testing.T, s *Store, word string) (found []string) {
	t.Helper()
	var tables []string
	if err := s.reads.Select(&tables, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`); err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		found = append(found, within(t, s, table, word)...)
	}
	return found
}

func within(t *testing.T, s *Store, table, word string) (found []string) {
	t.Helper()
	rows, err := s.reads.Queryx(`SELECT * FROM "` + table + `"`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		row := map[string]any{}
		if err := rows.MapScan(row); err != nil {
			t.Fatal(err)
		}
		for column, v := range row {
			if strings.Contains(opened(t, s, table+"."+column, fmt.Sprintf("%s", v), row), word) {
				found = append(found, table+"."+column)
			}
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return found
}

// opened opens a column of a row, whatever it is bound to: the name of a kind of
// document, or one with the value of another column behind it. Seals inside of
// other documents are opened too.
func opened(t *testing.T, s *Store, where, text string, row map[string]any) string {
	t.Helper()
	var e event.Emergence
	if json.Unmarshal([]byte(text), &e) == nil {
		for _, q := range e.Quotes {
			raw, err := s.reads.vault.Open(q.Text, placeOfQuote(q.UtteranceID))
			if err != nil && !errors.Is(err, ErrErased) {
				t.Errorf("%s: a quote: %v", where, err)
			}
			text += string(raw)
		}
		return text
	}
	if !vault.Sealed(text) {
		return text
	}
	places := []string{placeOfHold, placeOfWhy, placeOfModel}
	for _, v := range []any{
		event.Call{},
		event.Correction{},
		insights.Utterance{},
		insights.Insight{},
		insights.Summary{},
		customer.Profile{},
		customer.Merge{},
		decide.Decision{},
		decide.Outcome{},
		decide.Proposal{},
		event.Comment{},
		event.Handling{},
		WatchWanted{},
		WatchTold{},
		0,
	} {
		places = append(places, placeOf(v))
	}
	for _, v := range row {
		id := fmt.Sprintf("%s", v)
		places = append(places, placeOfEvent(id), placeOfTurn(id))
	}
	for _, p := range places {
		if raw, err := s.reads.vault.Open(text, p); err == nil || errors.Is(err, ErrErased) {
			return string(raw)
		}
	}
	t.Errorf("%s cannot be opened: name in opened what it is", where)
	return ""
}

// spoken stores a call of ann's on which the word was said, and all that is
// made of such a call; another call of hers, and of one who is one with her,
// quote it.
func spoken(t *testing.T, s *Store) {
	t.Helper()
	withAnn(t, s)
	const text = "my " + secret + " is broken"
	u := insights.Utterance{ID: "u1", CallID: "c1", Seq: 1, Speaker: insights.Customer, Text: text, Confidence: 1, End: 1}
	signal := insights.Signal{Label: "intent.cancel", Confidence: 1, Speaker: insights.Customer, CallID: "c1", UtteranceID: "u1", Quote: text}
	said := customer.Evidence{EventID: "e1", Label: "intent.cancel", Confidence: 1, CallID: "c1", Quote: text}
	p := customer.Profile{ID: "ann", Version: 2, CreatedAt: toldAt, Evidence: map[string][]customer.Evidence{"churn": {said}}}
	later := event.Call{ID: "c2", Platform: "twilio", PlatformCall: "CA2", CustomerID: "ann", Status: event.CallOver, StartedAt: toldAt.Add(time.Hour)}
	decision := func(id, person, call string) decide.Decision {
		return decide.Decision{
			ID: id, Subject: person, CallID: call, At: toldAt, Actions: []decide.Choice{{Reasons: []decide.Reason{{Evidence: []customer.Evidence{said}}}}},
			Readings: []customer.Reading{{Name: "churn", Evidence: []customer.Evidence{said}}},
		}
	}
	tell := func(tx *Tx, kind event.Type, subject, call string, data any) error {
		e, err := event.New(kind, toldAt, event.About{Subject: subject, Call: call}, data)
		return errors.Join(err, tx.Append(e))
	}
	quotes, err := json.Marshal(event.Emergence{ThemeID: "t1", Quotes: []event.ThemeQuote{{CallID: "c1", UtteranceID: "u1", Text: text}}})
	if err != nil {
		t.Fatal(err)
	}
	at := insights.Seconds(1)
	err = s.Write(t.Context(), func(tx *Tx) error {
		kin := customer.Profile{ID: "annie", Version: 1, CreatedAt: toldAt}
		if err := errors.Join(tx.SaveProfile(kin), tx.SaveMerge(customer.Merge{ID: "l1", People: [2]string{"ann", "annie"}, At: toldAt}), tx.SaveCall(later)); err != nil {
			return err
		}
		_, _, turned := tx.PutTurn(Turn{Utterance: "u1", Call: "c1", Rev: 1, Text: text})
		_, err := tx.exec("theme", `INSERT INTO theme (id, kind, state, scanned, until, doc) VALUES ('t1', 'defined', 'live', 0, 0, '{}')`)
		_, began := tx.SeeEpisode("t1", toldAt, quotes)
		wrap := event.WrapUp{CallID: "c1", Ending: "resolved", Tags: []string{secret}, Summary: text, At: toldAt}
		return errors.Join(
			tx.AddUtterance(u), turned, err, began,
			tx.AddInsights("c1", []insights.Insight{{Kind: insights.Intent, Name: "cancel", Speaker: insights.Customer, UtteranceID: "u1", Text: text}}),
			tx.SaveCorrection(event.Correction{UtteranceID: "u1", CallID: "c1", Heard: text, Text: text, At: toldAt}),
			tx.SaveComment(event.Comment{ID: "n1", CallID: "c1", Second: &at, Text: "so, a " + secret, At: toldAt}),
			tx.SaveSummary(insights.Summary{CallID: "c1", Lines: []insights.SummaryLine{{Text: text}}}),
			tx.SaveHandling(event.Handling{CallID: "c1", Mute: &event.Mute{CallID: "c1", On: true, At: toldAt}, WrapUp: &wrap}),
			tx.AddDecision(decision("d1", "ann", "c1")), tx.AddDecision(decision("d2", "ann", "c2")), tx.AddDecision(decision("d3", "annie", "")),
			tell(tx, event.UtteranceSpoken, "c1", "c1", event.Spoken{Utterance: u}),
			tell(tx, event.SignalRaised, "ann", "c1", signal),
			tell(tx, event.SignalRevised, "ann", "", customer.Revision{Was: &signal, Now: &signal, At: toldAt}),
			tell(tx, event.ProfileCarried, "ann", "", p),
			tell(tx, event.ProfileChanged, "ann", "c2", p),
			tell(tx, event.DecisionMade, "annie", "", decision("d3", "annie", "")),
			tell(tx, event.CallWrapped, "ann", "c1", wrap),
			tell(tx, event.ThemeEmerged, "t1", "", json.RawMessage(quotes)),
			tx.SaveProfile(p),
		)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Whatever the reason for which a call is forgotten, its words are nowhere
// afterwards; the profile is left to who holds its lock.
func TestWordsOfACallAreNowhere(t *testing.T) {
	t.Parallel()
	for name, forget := range map[string]func(*Store) error{
		"aged": func(s *Store) error {
			return s.Write(t.Context(), func(tx *Tx) error {
				said, err := tx.AgeTranscript("c1", toldAt.Add(time.Minute), toldAt)
				if err == nil && fmt.Sprint(said) != "[u1]" {
					err = fmt.Errorf("said %v", said)
				}
				return err
			})
		},
		"forgotten": func(s *Store) error { return s.Write(t.Context(), func(tx *Tx) error { return tx.ForgetCall("c1") }) },
		"erased": func(s *Store) error {
			if err := s.DestroyKeys([]string{"ann", "annie"}); err != nil {
				return err
			}
			return s.Write(t.Context(), func(tx *Tx) error {
				return errors.Join(tx.EraseCall("c1"), tx.ErasePerson("annie"), tx.ErasePerson("ann"))
			})
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := openAt(t, t.TempDir())
			spoken(t, s)
			if places := everywhere(t, s, secret); len(places) < 15 {
				t.Fatalf("before, it is only in %v", places)
			}
			if err := forget(s); err != nil {
				t.Fatal(err)
			}
			err := s.Write(t.Context(), func(tx *Tx) error {
				p, err := docs[customer.Profile](tx, "test", `SELECT doc FROM customer WHERE id = 'ann'`)
				for i := range p {
					p[i].ForgetWords("c1")
					p[i].Version++
					err = errors.Join(err, tx.SaveProfile(p[i]))
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			if places := everywhere(t, s, secret); len(places) > 0 {
				t.Errorf("it is left in %v", places)
			}
			if calls, muted, err := s.Mutes(t.Context(), toldAt, toldAt.Add(time.Minute)); err != nil || calls != 1 || muted != 1 {
				t.Errorf("of %d calls %d were muted: %v", calls, muted, err)
			}
		})
	}
}

// What a profile is folded from keeps all but the words when a transcript goes
// for its age.
func TestAgedSignalsStay(t *testing.T) {
	t.Parallel()
	s := openAt(t, t.TempDir())
	spoken(t, s)
	if err := s.Write(t.Context(), func(tx *Tx) error { _, err := tx.AgeTranscript("c1", toldAt.Add(time.Minute), toldAt); return err }); err != nil {
		t.Fatal(err)
	}
	if gone, err := s.IsAged(t.Context(), KeptTranscripts, "c1"); err != nil || !gone {
		t.Errorf("aged is %v, %v", gone, err)
	}
	for name, late := range map[string]func(*Tx) error{
		"a comment": func(tx *Tx) error { return tx.SaveComment(event.Comment{ID: "late", CallID: "c1", At: toldAt}) },
		"a wrap-up": func(tx *Tx) error { return tx.SaveHandling(event.Handling{CallID: "c1"}) },
	} {
		if err := s.Write(t.Context(), late); !errors.Is(err, ErrAged) {
			t.Errorf("%s on a call without its words: %v, want ErrAged", name, err)
		}
	}
	events, err := s.HistoryOf(t.Context(), "ann", []event.Type{event.SignalRaised, event.SignalRevised, event.ProfileCarried})
	if err != nil || len(events) != 3 {
		t.Fatalf("%d events: %v", len(events), err)
	}
	for _, e := range events {
		if e.Erased() || !strings.Contains(string(e.Data), "intent.cancel") {
			t.Errorf("of %s is left %s", e.Type, e.Data)
		}
	}
}
