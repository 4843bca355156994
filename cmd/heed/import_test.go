package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestImportMisuse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{"twice.csv": "file,from,from\na,b,c\n", "latin.csv": "file,agent\na.wav,J\xf6rg\n", "none.csv": "file\nnowhere.wav\n", "odd.csv": "file,shoe size\nodd.csv,43\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	at := func(name string) string { return filepath.Join(dir, name) }
	heed(t, "import").want(t, 2, "one folder or CSV")
	heed(t, "import", at("nowhere")).want(t, 2, "nowhere")
	heed(t, "import", at("twice.csv")).want(t, 2, `two columns are named "from"`)
	heed(t, "import", at("latin.csv")).want(t, 2, "not UTF-8")
	heed(t, "import", dir).want(t, 2, "holds no recordings")
	heed(t, "import", at("none.csv"), "--jobs", "-1").want(t, 2, "--jobs")
	heed(t, "import", at("none.csv"), "--to", "http://127.0.0.1:1", "--key", "k", "--data", t.TempDir()).want(t, 2, "import-report.csv")
	r := heed(t, "import", at("odd.csv"), "--dry-run", "--report", at("r.csv"))
	if r.want(t, 2, "r.csv"); !strings.Contains(r.out, "not used: shoe size") {
		t.Errorf("it printed %s", r.out)
	}
	raw, err := os.ReadFile(at("r.csv"))
	if err != nil || !strings.Contains(string(raw), "odd.csv,2,\"it is none of WAV") {
		t.Errorf("the report is %s, %v", raw, err)
	}
}

// Recordings are imported into a data folder, and again into the server that
// uses it: what is there is passed over.
func TestImport(t *testing.T) {
	t.Parallel()
	needEngine(t)
	few, data := fewIntents(t), filepath.Join(t.TempDir(), "data")
	first := save(t, "first.wav", recorded(t, "cancel-competitor", 8))
	second := save(t, "second.wav", recorded(t, "happy-thanks", 8))
	page := filepath.Join(t.TempDir(), "page.wav")
	if err := os.WriteFile(page, []byte("<html>Sign in</html>"), 0o600); err != nil {
		t.Fatal(err)
	}
	sheet := filepath.Join(t.TempDir(), "calls.csv")
	write := func(rows ...string) {
		t.Helper()
		if err := os.WriteFile(sheet, []byte("\ufefffile;started;from;agent\n"+strings.Join(rows, "\n")+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write(first+";2026-03-02 09:15;+1 202 555 0142;Sam Lee", page+";;;")
	report := filepath.Join(t.TempDir(), "report.csv")
	args := []string{"import", sheet, "--data", data, "--content-intents", few, "--report", report}
	r := heed(t, args...)
	r.want(t, 1, "1 of 2 recordings were not imported")
	if !strings.Contains(r.out, "1 imported, 0 were there before, 1 not; 8s of calls in ") {
		t.Errorf("it printed %s", r.out)
	}
	if raw, err := os.ReadFile(report); err != nil || !strings.Contains(string(raw), page+",3,") {
		t.Errorf("the report is %s, %v", raw, err)
	}
	if plain, _ := filepath.Glob(filepath.Join(data, "calls", "recordings", "*.wav")); len(plain) > 0 {
		t.Errorf("left in plain text: %v", plain)
	}

	s := serveFor(t, data, "--content-intents", few)
	write(first+";2026-03-02 09:15;+1 202 555 0142;Sam Lee", second+";2026-03-01 08:00;;")
	r = heed(t, args...)
	r.want(t, 0)
	if !strings.Contains(r.out, "1 imported, 1 were there before, 0 not") {
		t.Errorf("it printed %s", r.out)
	}
	var page2 struct {
		Calls []struct{ Agent, From, Status, StartedAt string } `json:"calls"`
	}
	s.get(t, "/v1/calls", &page2)
	if len(page2.Calls) != 2 || page2.Calls[0].Agent != "Sam Lee" || page2.Calls[0].From != "+12025550142" || page2.Calls[1].Status != "ended" {
		t.Errorf("the calls are %+v", page2.Calls)
	}
	eventually(t, "its words are found", func() bool { return s.hits(t, "cancel") > 0 })
	s.stop(t)
}
