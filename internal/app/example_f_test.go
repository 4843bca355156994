package app_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"heed/insights"
	"heed/internal/archive"
	"heed/internal/desk"
	"heed/internal/erase"
	"heed/internal/store"
	"heed/internal/vault"
)

// The tokens that are planted at every door. None is a word that anything
// else would write.
const (
	tokenSaid      = "zanzibarius" // spoken, and so in transcript, index, summary, themes
	tokenName      = "Quibblethorpe"
	tokenUser      = "userxq7731"
	tokenProp      = "propxq9182"
	tokenCorrected = "corrixq5520"
	tokenWording   = "wordixq6643"
	tokenNumber    = "2025550147"
)

func tokens() []string {
	return []string{tokenSaid, tokenName, tokenUser, tokenProp, tokenCorrected, tokenWording, tokenNumber}
}

// holders gives which files of a folder hold a token, in either case.
func holders(t *testing.T, dir string) (found []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		raw = bytes.ToLower(raw)
		for _, token := range tokens() {
			if bytes.Contains(raw, bytes.ToLower([]byte(token))) || strings.Contains(path, token) {
				found = append(found, token+" in "+path)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// plant makes a person with a token behind every door, and gives their call.
func plant(t *testing.T, o *office) *desk.Record {
	t.Helper()
	const from = "+1" + tokenNumber
	call := o.caller(t, from, "+12025550199", "i want to cancel my contract because "+tokenSaid+" is too expensive")
	for path, body := range map[string]any{
		"/v1/identify": map[string]any{"userId": tokenUser, "messageId": "m1", "traits": map[string]any{"name": tokenName, "phone": from}},
		"/v1/track":    map[string]any{"userId": tokenUser, "messageId": "m2", "event": "Product Added", "properties": map[string]any{"product_id": tokenProp}},
	} {
		o.must(t, "POST", path, body, nil)
	}
	for _, u := range call.Utterances {
		if u.Speaker == insights.Customer {
			o.must(t, "PUT", "/v1/calls/"+call.ID+"/utterances/"+u.ID+"/correction", map[string]any{"text": u.Text + " " + tokenCorrected}, nil)
		}
	}
	o.must(t, "POST", "/v1/customers/"+call.CustomerID+"/consent", map[string]any{
		"purpose": "marketing", "channel": "email", "state": "granted", "wording": "may we write to you, " + tokenWording,
	}, nil)
	return call
}

// people gives the ids of everybody who is called by a token.
func (o *office) people(t *testing.T, words string) (ids []string) {
	t.Helper()
	var found struct{ Customers []struct{ ID string } }
	o.must(t, "GET", "/v1/customers?q="+words, nil, &found)
	for _, c := range found.Customers {
		ids = append(ids, c.ID)
	}
	return ids
}

// volume is how many calls and turns were ever counted.
func (o *office) volume(t *testing.T) string {
	t.Helper()
	var list struct {
		Calls  int
		Themes []struct{ ID, Title string }
	}
	o.must(t, "GET", "/v1/themes?all=true", nil, &list)
	return fmt.Sprintf("%+v", list)
}

// TestExampleF makes a person with a token behind every door forgotten, and
// finds the tokens in no byte of the data folder, of the log, or of a backup
// that was made before and is restored afterwards.
func TestExampleF(t *testing.T) {
	t.Parallel() // it waits more than it works
	o := openOffice(t)
	call := plant(t, o)
	searched := func() int {
		var r struct{ Total int }
		o.must(t, "GET", "/v1/search?q="+tokenSaid, nil, &r)
		return r.Total
	}
	within(t, "the words are found and summed up", func() bool {
		return searched() > 0 && o.ask(t, o.Key(), "GET", "/v1/calls/"+call.ID, nil, call) == 200 && call.Summary != nil
	})
	within(t, "the recording is under its key", func() bool {
		_, err := os.Stat(filepath.Join(o.dir, archive.Folder, "recordings", call.ID+".sealed"))
		return err == nil
	})
	if size := recordingSize(t, o, call.ID); size < 1000 {
		t.Errorf("the sealed recording plays %d bytes", size)
	}
	before, counted := filepath.Join(t.TempDir(), "backup"), o.volume(t)
	if _, err := archive.Save(t.Context(), o.dir, before, time.Now); err != nil {
		t.Fatal(err)
	}
	if found := holders(t, before); len(found) > 0 {
		t.Errorf("in the backup, before anything was erased: %v", found)
	}

	persons := map[string]bool{call.CustomerID: true}
	for _, word := range []string{tokenUser, tokenName, tokenNumber} {
		for _, id := range o.people(t, word) {
			persons[id] = true
		}
	}
	o.must(t, "POST", "/v1/customers/"+call.CustomerID+"/door-link", map[string]any{"by": "phone"}, nil)
	if found := holders(t, filepath.Join(o.dir, "outbox")); len(found) == 0 {
		t.Error("the letter to the person does not name their number")
	}
	certificates := forget(t, o, persons)
	if found := holders(t, o.dir); len(found) > 0 {
		t.Errorf("after the erasure: %v", found)
	}
	for _, token := range tokens() {
		if bytes.Contains(o.log.text(), []byte(token)) {
			t.Errorf("%s is in the log", token)
		}
	}
	if n := searched(); n != 0 {
		t.Errorf("the search finds %d lines", n)
	}
	if after := o.volume(t); after != counted {
		t.Errorf("the counts are\n%s and were\n%s", after, counted)
	}
	gone(t, o, call)
	comesBack(t, o, call.CustomerID)
	if c := certificates[len(certificates)-1]; len(certificates) > 1 && c.PrevHash != certificates[len(certificates)-2].Hash {
		t.Error("the certificates are no chain")
	}
	restored(t, o, before, call)
}

// forget erases people and checks the certificates.
func forget(t *testing.T, o *office, people map[string]bool) (certificates []erase.Certificate) {
	t.Helper()
	for id := range people {
		path := "/v1/customers/" + id + "/erase"
		if status := o.ask(t, o.Key(), "POST", path, map[string]any{"confirm": "yes"}, nil); status != http.StatusUnprocessableEntity {
			t.Errorf("without the word it answers %d", status)
		}
		var c, again erase.Certificate
		o.must(t, "POST", path, map[string]any{"confirm": "erase"}, &c)
		o.must(t, "POST", path, map[string]any{"confirm": "erase"}, &again)
		if c.State != erase.Done || !c.Genuine() || again.Hash != c.Hash || c.ErasedAt == nil {
			t.Errorf("certificate %+v, again %+v", c, again)
		}
		certificates = append(certificates, c)
	}
	return certificates
}

// gone checks what those hear who ask for something of the person.
func gone(t *testing.T, o *office, call *desk.Record) {
	t.Helper()
	for _, path := range []string{
		"/v1/calls/" + call.ID, "/v1/calls/" + call.ID + "/recording", "/v1/customers/" + call.CustomerID,
		"/v1/decisions/" + call.Decisions[0].ID,
	} {
		if status := o.ask(t, o.Key(), "GET", path, nil, nil); status != http.StatusGone {
			t.Errorf("%s answers %d, want 410", path, status)
		}
	}
	var list struct{ Calls []struct{ ID string } }
	o.must(t, "GET", "/v1/calls", nil, &list)
	for _, c := range list.Calls {
		if c.ID == call.ID {
			t.Error("the call is listed")
		}
	}
}

// comesBack imports the same identifiers, which must bring nobody back, and
// calls from the same number, which is served as somebody unknown.
func comesBack(t *testing.T, o *office, erased string) {
	t.Helper()
	lone := map[string]any{"userId": tokenUser, "messageId": "m9", "traits": map[string]any{"name": tokenName}}
	if status := o.ask(t, o.Key(), "POST", "/v1/identify", lone, nil); status != http.StatusBadRequest {
		t.Errorf("an import of the erased is answered %d", status) // a server error would be sent again for ever
	}
	o.must(t, "POST", "/v1/batch", map[string]any{"batch": []map[string]any{
		{"type": "identify", "userId": tokenUser, "messageId": "m10", "traits": map[string]any{"name": tokenName}},
		{"type": "identify", "userId": "somebody-else", "messageId": "m11", "traits": map[string]any{"name": "Els Ander"}},
	}}, nil)
	if ids := o.people(t, "somebody-else"); len(ids) != 1 {
		t.Errorf("beside a message of the erased, another person's gave %v", ids)
	}
	for _, word := range []string{tokenUser, tokenName} {
		if ids := o.people(t, word); len(ids) > 0 {
			t.Errorf("%s came back as %v", word, ids)
		}
	}
	again := o.caller(t, "+1"+tokenNumber, "+12025550198", "hello i have a question about my bill")
	if again.CustomerID == erased || len(again.Utterances) == 0 {
		t.Errorf("the same number: customer %s, %d lines", again.CustomerID, len(again.Utterances))
	}
	if ids := o.people(t, tokenNumber); len(ids) > 0 {
		t.Errorf("the number came back as %v", ids)
	}
}

// restored puts the backup of before into a folder with the keys of now.
func restored(t *testing.T, o *office, before string, call *desk.Record) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "data")
	if _, err := archive.Load(t.Context(), before, dir, vault.Source{}); err == nil {
		t.Fatal("restored without keys")
	}
	if err := os.CopyFS(filepath.Join(dir, store.KeysFolder), os.DirFS(filepath.Join(o.dir, store.KeysFolder))); err != nil {
		t.Fatal(err)
	}
	if _, err := archive.Load(t.Context(), before, dir, vault.Source{}); err != nil {
		t.Fatal(err)
	}
	if found := holders(t, dir); len(found) > 0 {
		t.Errorf("in the restored backup: %v", found)
	}
	if _, err := os.Stat(filepath.Join(dir, archive.Folder, "recordings", call.ID+".sealed")); err == nil {
		t.Error("the recording came back")
	}
}

func recordingSize(t *testing.T, o *office, id string) int {
	t.Helper()
	r, err := o.Recording(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	var b bytes.Buffer
	if _, err := b.ReadFrom(r); err != nil || !strings.HasPrefix(b.String(), "RIFF") {
		t.Errorf("the recording does not play: %v", err)
	}
	return b.Len()
}

// within waits for something that is bound to happen.
func within(t *testing.T, what string, is func() bool) {
	t.Helper()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(30 * time.Second); !is(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatalf("it never happened: %s", what)
		}
	}
}
