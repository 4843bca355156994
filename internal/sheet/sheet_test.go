package sheet

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

// read gives the rows of a text with their lines, and what went wrong.
func read(text string) (out []string) {
	for r, err := range Rows(iotest.OneByteReader(strings.NewReader(text))) {
		switch {
		case IsParse(err):
			out = append(out, fmt.Sprintf("%d: bad row", r.Line))
		case err != nil:
			out = append(out, fmt.Sprintf("%d: %v", r.Line, err))
		default:
			out = append(out, fmt.Sprintf("%d%c %s", r.Line, r.Comma, strings.Join(r.Cells, "|")))
		}
	}
	return out
}

func TestRows(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"nothing":      {"", nil},
		"commas":       {"a,b\n1,\"x\ny\"\n2,z\n", []string{"1, a|b", "2, 1|x\ny", "4, 2|z"}},
		"semicolons":   {"\xef\xbb\xbfa;b\n1,5;2\n", []string{"1; a|b", "2; 1,5|2"}},
		"tabs, UTF-16": {"\xff\xfea\x00\t\x00b\x00\n\x001\x00\t\x002\x00", []string{"1\t a|b", "2\t 1|2"}},
		"a bad row":    {"a,b\n\"x\"y,1\n2,3\n", []string{"1, a|b", "2: bad row", "3, 2|3"}},
	} {
		if diff := cmp.Diff(c.want, read(c.text)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if got := strings.Join(read("a,b\nfr\xfch,1\n"), ";"); !strings.HasSuffix(got, ErrEncoding.Error()) {
		t.Errorf("Latin-1 is read as %s", got)
	}
	for _, err := range Rows(iotest.ErrReader(errors.ErrUnsupported)) {
		if !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("what cannot be read: %v", err)
		}
	}
}

func TestHeads(t *testing.T) {
	if got, err := Heads([]string{" Date", "COST "}); err != nil || !cmp.Equal(got, []string{"date", "cost"}) {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := Heads([]string{"a", "A "}); err == nil {
		t.Error("two columns of one name were taken")
	}
}

func FuzzRows(f *testing.F) {
	f.Add([]byte("a,b\n1,2\n"))
	f.Add([]byte("\xfe\xff\x00a"))
	f.Add([]byte("\"\n;\t"))
	f.Fuzz(func(t *testing.T, data []byte) {
		line := 0
		for r, err := range Rows(bytes.NewReader(data)) {
			if r.Line < line {
				t.Fatalf("line %d after %d", r.Line, line)
			}
			if line = r.Line; err == nil && len(r.Cells) == 0 {
				t.Fatal("a row without a field")
			}
		}
	})
}
