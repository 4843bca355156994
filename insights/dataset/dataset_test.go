package dataset_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"

	"heed/insights/dataset"
)

func packed(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestReadFile(t *testing.T) {
	whole := packed(t, "some text")
	folder := fstest.MapFS{
		"plain": {Data: []byte("some text")}, "packed.gz": {Data: whole}, "packed": {Data: whole},
		"short": {Data: []byte("x")}, "empty": {}, "cut": {Data: whole[:len(whole)-6]}, "plain.gz": {Data: []byte("some text of no use")}, "no gzip": {Data: []byte{0x1f, 0x8b, 1}},
	}
	for name, want := range map[string]string{"plain": "some text", "packed.gz": "some text", "packed": "some text", "short": "x", "empty": ""} {
		if got, err := dataset.ReadFile(folder, name); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v; want %q", name, got, err, want)
		}
	}
	for name, want := range map[string]error{"cut": io.ErrUnexpectedEOF, "no gzip": io.ErrUnexpectedEOF, "missing": fs.ErrNotExist, "plain.gz": gzip.ErrHeader} {
		if _, err := dataset.ReadFile(folder, name); !errors.Is(err, want) || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v, want %v with the file's name", name, err, want)
		}
	}
}

func TestWhatReadsMayFail(t *testing.T) {
	why := errors.New("no such column")
	err := dataset.Read(fstest.MapFS{"a.tsv": {Data: []byte("x")}}, "a.tsv", func(io.Reader) error { return why })
	if !errors.Is(err, why) || !strings.Contains(err.Error(), "a.tsv") {
		t.Errorf("%v, want the reader's error with the file's name", err)
	}
}

func TestWords(t *testing.T) {
	for label, want := range map[string]string{
		"CheckAccountBalance": "check account balance",
		"lost_or_stolen_card": "lost or stolen card",
		"FindATM":             "find atm",
		"refund":              "refund",
		"":                    "",
	} {
		if got := dataset.Words(label); got != want {
			t.Errorf("%q: %q, want %q", label, got, want)
		}
	}
}
