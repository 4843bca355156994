package texts_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"heed/internal/door/texts"
)

func builtin(t *testing.T) *texts.Set {
	t.Helper()
	s, err := texts.Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTheLanguagesThatComeWithHeed(t *testing.T) {
	t.Parallel()
	s := builtin(t)
	var tags []string
	for _, l := range s.Languages() {
		tags = append(tags, l.Tag+" "+l.Direction)
	}
	if got := strings.Join(tags, ", "); got != "en ltr, ar rtl, hy ltr, is ltr" {
		t.Error(got)
	}
}

func TestPick(t *testing.T) {
	t.Parallel()
	s := builtin(t)
	for _, tt := range []struct {
		wishes []string
		want   string
	}{
		{nil, "en"},
		{[]string{"", "ar-EG, en;q=0.5"}, "ar"},
		{[]string{"", "fr-FR, ar;q=0.4"}, "ar"},
		{[]string{"en", "ar"}, "en"},
		{[]string{"zz-nonsense-@@", "ar"}, "ar"},
		{[]string{strings.Repeat("a", 5000)}, "en"},
		{[]string{"fi"}, "en"},
	} {
		if got := s.Pick(tt.wishes...).Tag; got != tt.want {
			t.Errorf("%.40v: %s, want %s", tt.wishes, got, tt.want)
		}
	}
}

func TestNumbersAndPluralForms(t *testing.T) {
	t.Parallel()
	s := builtin(t)
	en, ar := s.Pick("en"), s.Pick("ar")
	for _, tt := range []struct{ got, want string }{
		{en.N("minutes", 1), "1 minute"},
		{en.N("minutes", 10), "10 minutes"},
		{en.N("happened", 1200), "1,200 happenings"},
		{ar.N("minutes", 1), "دقيقة واحدة"},
		{ar.N("minutes", 2), "دقيقتين"},
		{ar.N("minutes", 5), "٥ دقائق"},
		{ar.N("minutes", 11), "١١ دقيقة"},
		{en.Clock(67.9), "1:07"},
		{ar.Clock(67.9), "١:٠٧"},
		{en.Clock(-1), "0:00"},
		{en.Value(54.9), "54.9"},
		{en.Value(true), "Yes"},
		{ar.Value(false), "لا"},
		{en.Value([]int{1}), ""},
		{en.Named("trait", "plan"), "Plan"},
		{en.Named("trait", "shoe_size"), "shoe size"},
		{en.T("no.such.text"), "no.such.text"},
		{en.N("no.such.text", 1), "no.such.text"},
	} {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	s := builtin(t)
	at := time.Date(2026, 5, 3, 9, 5, 0, 0, time.UTC)
	en, ar := s.Pick("en"), s.Pick("ar")
	for _, tt := range []struct{ got, want string }{
		{en.Day(at), "3 May 2026"},
		{en.Moment(at), "3 May 2026, 09:05"},
		{ar.Day(at), "٣ مايو ٢٠٢٦"},
		{ar.Moment(at), "٣ مايو ٢٠٢٦، ٠٩:٠٥"},
		{en.Day(time.Time{}), ""},
		{en.Moment(time.Time{}), ""},
	} {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
}

const (
	head    = "name: X\ndirection: ltr\nmonths: [a, b, c, d, e, f, g, h, i, j, k, l]\n"
	english = head + "texts: {hello: \"Hello {name}\"}\ncounted: {calls: {one: \"{n} call\", other: \"{n} calls\"}}\n"
)

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, other, want string }{
		{"a text is missing", head + "texts: {}\ncounted: {calls: {one: x, other: x}}\n", "fr.yaml: hello is missing"},
		{"a text is too much", head + "texts: {hello: \"{name}\", bye: x}\ncounted: {calls: {one: x, other: x}}\n", "fr.yaml: bye is in no page"},
		{"a place is missing", head + "texts: {hello: Salut}\ncounted: {calls: {one: x, other: x}}\n", "hello has the places []"},
		{"a form is missing", head + "texts: {hello: \"{name}\"}\ncounted: {calls: {one: x}}\n", `lacks the form "other"`},
		{"a form is too much", head + "texts: {hello: \"{name}\"}\ncounted: {calls: {one: x, few: x, other: x}}\n", "has forms beside"},
		{"no months", "name: X\ndirection: ltr\n", "months"},
		{"no direction", "name: X\ndirection: up\n", "must be ltr or rtl"},
		{"an unknown key", head + "text: {}\n", "fr.yaml:4"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := texts.Load(fstest.MapFS{"en.yaml": {Data: []byte(english)}, "fr.yaml": {Data: []byte(tt.other)}})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%v, want %q", err, tt.want)
			}
		})
	}
	if _, err := texts.Load(fstest.MapFS{"fr.yaml": {Data: []byte(english)}}); err == nil {
		t.Error("without English there is nothing to check against")
	}
	if _, err := texts.Load(fstest.MapFS{"en.yaml": {Data: []byte(english)}, "no_tag_.yaml": {Data: []byte(english)}}); err == nil {
		t.Error("a file without a language was taken")
	}
}
