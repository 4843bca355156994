package corpus

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode"

	"github.com/google/go-cmp/cmp"

	"heed/insights/redact/tagger"
)

const table1 = "conversationId\tturnNumber\tutteranceId\tutterance\tslot-labels\tintent\n" +
	"c\t1\tu\tmy name is orla\tO O O name\tcontentonly\n" +
	"c\t2\tu\ttwo words\tO\tcontentonly\n" +
	"c\t3\tu\tzip 10001\tO\n" +
	"c\t4\tu\tbx 12\tbooking_confirmation_number booking_confirmation_number\tcontentonly\n"

func TestMultiDoGO(t *testing.T) {
	turns, err := MultiDoGO(strings.NewReader(table1))
	if err != nil {
		t.Fatal(err)
	}
	want := []Turn{
		{strings.Fields("my name is orla"), []string{"", "", "", "name"}},
		{[]string{"bx", "12"}, []string{"booking_confirmation_number", "booking_confirmation_number"}},
	}
	if diff := cmp.Diff(want, turns); diff != "" {
		t.Error(diff)
	}
	if got := turns[1].Row().Labels; !slices.Equal(got, []string{"account_number", "account_number"}) {
		t.Errorf("kinds %q", got)
	}
}

const sentences1 = `[{"full_text": "Zoë's IP is 10.0.0.1, ask Bo Li", "template_id": 4, "spans": [
	{"entity_type": "PERSON", "start_position": 0, "end_position": 3},
	{"entity_type": "PERSON", "start_position": 26, "end_position": 31}]}]`

func TestPresidio(t *testing.T) {
	s, err := Presidio(strings.NewReader(sentences1))
	if err != nil {
		t.Fatal(err)
	}
	want := Turn{strings.Fields("Zoë's IP is 10.0.0.1, ask Bo Li"), []string{"PERSON", "", "", "", "", "PERSON", "PERSON"}}
	if diff := cmp.Diff(want, s[0].Turn()); diff != "" {
		t.Error(diff)
	}
	if _, err := Presidio(strings.NewReader(`{"full_text": 4}`)); err == nil {
		t.Error("no list, and no error")
	}
}

func TestSpeak(t *testing.T) {
	said := Speak(Turn{
		Words:  strings.Fields("Policy KL49 is Anna's, mail a.b@c.org 5gb"),
		Labels: []string{"", "policyid", "", "name", "", "email_address", ""},
	}, rand.New(rand.NewPCG(3, 3)))
	got := strings.Join(said.Words, " ")
	for _, want := range []string{"policy k l ", " is anna's mail a dot b at c dot org five gb"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q lacks %q", got, want)
		}
	}
	if strings.IndexFunc(got, unicode.IsDigit) >= 0 || len(said.Words) != len(said.Labels) {
		t.Errorf("%q with %d labels", got, len(said.Labels))
	}
	for i, w := range said.Words {
		if (w == "anna's") != (said.Labels[i] == "name") {
			t.Errorf("%q is labelled %q", w, said.Labels[i])
		}
	}
}

func TestWrite(t *testing.T) {
	got := Write(Turn{strings.Fields("hello i am zoë blum from leeds"), []string{"", "", "", "name", "name", "", "GPE"}})
	if s := strings.Join(got.Words, " "); s != "Hello I am Zoë Blum from Leeds." {
		t.Errorf("written %q", s)
	}
}

// TestDigits: a number as said has all its digits.
func TestDigits(t *testing.T) {
	value := map[string]string{"oh": "0"}
	for i, w := range ones {
		value[w] = string(rune('0' + i))
	}
	for i, w := range teens {
		value[w] = "1" + string(rune('0'+i))
	}
	r := rand.New(rand.NewPCG(5, 5))
	for _, number := range []string{"4455", "1900", "70", "00112233"} {
		for range 50 {
			got, double := "", false
			words := Digits(number, r)
			for i, w := range words {
				v, tens := value[w], slices.Index(tens, w)
				switch {
				case w == "double":
					double = true
					continue
				case tens >= 0 && i+1 < len(words) && len(value[words[i+1]]) == 1 && !double && number != "70" && words[i+1] != "oh" && words[i+1] != "zero":
					v = string(rune('0' + tens))
				case tens >= 0:
					v = string(rune('0'+tens)) + "0"
				case double:
					v += v
				}
				got, double = got+v, false
			}
			if len(got) < len(number) {
				t.Fatalf("%s said as %q has %d digits", number, words, len(got))
			}
		}
	}
}

func TestMade(t *testing.T) {
	kinds := map[string]bool{"": true}
	for _, k := range tagger.Kinds() {
		kinds[k] = true
	}
	seen := map[string]int{}
	asked := 0
	for _, row := range Made(4000, rand.New(rand.NewPCG(1, 2))) {
		if len(row.Words) != len(row.Labels) || len(row.Words) == 0 {
			t.Fatalf("%d words, %d labels", len(row.Words), len(row.Labels))
		}
		for i, l := range row.Labels {
			if !kinds[l] || strings.ContainsAny(row.Words[i], "{}|# ") {
				t.Fatalf("%q is labelled %q", row.Words[i], l)
			}
			seen[l]++
		}
		if row.Asked != "" {
			asked++
		}
	}
	for _, k := range []string{"name", "address", "email", "phone", "national_id", "account_number", "password", "username", "postcode", "bank_account"} {
		if seen[k] < 20 {
			t.Errorf("%s was made %d times", k, seen[k])
		}
	}
	if asked < 500 {
		t.Errorf("%d of 4000 with a question", asked)
	}
}

func TestLoadNamesTheFile(t *testing.T) {
	_, err := Load(fstest.MapFS{"multidogo/airline.train.tsv.gz": {Data: []byte("no gzip")}})
	if err == nil || !strings.Contains(err.Error(), "multidogo/airline.") {
		t.Errorf("error %v does not name the file", err)
	}
}

func TestTexts(t *testing.T) {
	got, err := clinc(strings.NewReader(`{"train": [["pay my bill", "pay"]], "val": [["not this", "x"]], "oos_train": [["sing", "oos"]]}`))
	if err != nil || !slices.Equal(got, []string{"pay my bill", "sing"}) {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := clinc(strings.NewReader(`{"train": [[]]}`)); err == nil {
		t.Error("an empty row was taken")
	}
	if got, err := banking(strings.NewReader("text,category\n\"a, b\",c\n")); err != nil || !slices.Equal(got, []string{"a, b"}) {
		t.Errorf("%q, %v", got, err)
	}
	if got, err := remarks(strings.NewReader("so good\t3\tid\n")); err != nil || !slices.Equal(got, []string{"so good"}) {
		t.Errorf("%q, %v", got, err)
	}
}
