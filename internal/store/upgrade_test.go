package store

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"heed/insights"
	"heed/internal/customer"
	"heed/internal/event"
)

// What an older version wrote in plain text reads as before, and no byte of it
// stays in the file; a pass that was broken off goes on.
func TestPlainTextOfAnOlderVersionIsSealed(t *testing.T) {
	dir := t.TempDir()
	at := time.UnixMilli(1_700_000_000_000).UTC()
	p := customer.New("anna", at)
	p.Version = 1
	p.Traits = []customer.Trait{{Name: "city", Value: "oldtoken city", At: at}}
	c := event.Call{ID: "call-1", CustomerID: "anna", CustomerName: "oldtoken name", Status: event.CallOver, StartedAt: at}
	u := insights.Utterance{ID: "u1", CallID: c.ID, Seq: 1, Speaker: insights.Customer, Text: "oldtoken words"}
	e, err := event.New(event.UtteranceSpoken, at, event.About{Subject: c.ID, Call: c.ID}, event.Reworded{Utterance: u})
	if err != nil {
		t.Fatal(err)
	}
	s := openAt(t, dir)
	err = s.Write(t.Context(), func(tx *Tx) error {
		for _, err := range []error{tx.SaveProfile(p), tx.SaveCall(c), tx.AddUtterance(u), tx.Append(e)} {
			if err != nil {
				return err
			}
		}
		_, _, err := tx.PutTurn(Turn{Utterance: u.ID, Call: c.ID, Rev: 1, Text: u.Text})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	unseal(t, dir, map[string]any{
		`UPDATE customer SET doc = ?`: p, `UPDATE call SET doc = ?`: c, `UPDATE utterance SET doc = ?`: u,
		`UPDATE event SET data = ?`: e.Data,
	}, u.Text)
	s = openAt(t, dir)
	got, err := s.Profile(t.Context(), "anna")
	if err != nil || len(got.Traits) != 1 || got.Traits[0].Value != "oldtoken city" {
		t.Errorf("profile %+v, error %v", got, err)
	}
	if said, err := s.Utterances(t.Context(), c.ID); err != nil || len(said) != 1 || said[0].Text != u.Text {
		t.Errorf("utterances %+v, error %v", said, err)
	}
	if turns, err := s.Turns(t.Context(), 0, 10); err != nil || len(turns) != 1 || turns[0].Text != u.Text {
		t.Errorf("turns %+v, error %v", turns, err)
	}
	if m, err := s.ThemeModel(t.Context()); err != nil || string(m.Doc) != "oldtoken model" {
		t.Errorf("model %q, error %v", m.Doc, err)
	}
	if events, err := s.Events(t.Context(), EventQuery{}); err != nil || len(events) != 1 || !bytes.Equal(events[0].Data, e.Data) {
		t.Errorf("events %+v, error %v", events, err)
	}
	for _, name := range []string{fileName, fileName + "-wal"} {
		raw, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || bytes.Contains(raw, []byte("oldtoken")) {
			t.Errorf("%s holds plain text, error %v", name, err)
		}
	}
}

// unseal makes a folder one of an older version: documents in plain text, and
// the pass over them begun and broken off.
func unseal(t *testing.T, dir string, docs map[string]any, turn string) {
	t.Helper()
	db, err := sqlx.Open("sqlite3", dsn(filepath.Join(dir, fileName), "rw"))
	if err != nil {
		t.Fatal(err)
	}
	for query, v := range docs {
		raw, err := json.Marshal(v)
		if err == nil {
			_, err = db.ExecContext(t.Context(), query, string(raw))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for query, args := range map[string][]any{
		`UPDATE turn SET text = ?`:                  {turn},
		`UPDATE theme_model SET doc = ?, turns = 1`: {[]byte("oldtoken model")},
		`INSERT INTO sealing (name, done) VALUES ('customer', 0), ('call', 0), ('utterance', 0), ('event', 0), ('turn', 0), ('theme_model', 0)`: nil,
	} {
		if _, err := db.ExecContext(t.Context(), query, args...); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}
