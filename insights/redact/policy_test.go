package redact

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"heed/insights"
	"heed/insights/rulefile"
)

func policy(t testing.TB, text string) Policy {
	t.Helper()
	p, err := ParsePolicy("policy.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestPolicyRefuses(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "policy.yaml: expected fields"},
		{"kinds: {name: keep}", `policy.yaml:1: field "version" is missing`},
		{"version: 2\nkinds: {name: keep}", "policy.yaml:1: expected version: 1"},
		{"version: 1\nkinds:\n  nam: keep", `policy.yaml:3: unknown field "nam", expected one of card_number,`},
		{"version: 1\nkinds:\n  name: hide", "policy.yaml:3: expected keep, remove or mask 2 to mask 4"},
		{"version: 1\nkinds:\n  phone: mask 5", "policy.yaml:3: expected keep, remove or mask 2 to mask 4"},
		{"version: 1\nkinds:\n  phone: 4", "policy.yaml:3: expected text"},
		{"version: 1\nkinds:\n  card_number: keep", "policy.yaml:3: expected remove: this cannot be kept"},
		{"version: 1\nkinds:\n  card_number: mask 4", "policy.yaml:3: expected remove: no part"},
		{"version: 1\nkinds:\n  password: mask", "policy.yaml:3: expected remove: no part"},
		{"version: 1\nkinds: {name: keep}\nagent:\n  card_code: keep", "policy.yaml:4: expected remove"},
		{"version: 1\nkinds: {name: keep}\ncertainty: 1", "policy.yaml:3: expected a number from 0.01 to 0.99"},
		{"version: 1\nkinds: {name: keep}\ncertainty: high", "policy.yaml:3: expected a number"},
		{"version: 1\nkinds: {name: keep}\nnational_ids: [us, xx]", `policy.yaml:3: expected one of us, gb,`},
		{"version: 1\nkinds: {name: keep}\nnational_ids: us", "policy.yaml:3: expected a list"},
		{"version: 1\nkinds: {name: keep, name: keep}", "twice"},
		{"version: [", "policy.yaml"},
	} {
		_, err := ParsePolicy("policy.yaml", []byte(c.text))
		if err == nil || !strings.Contains(err.Error(), c.want) || !rulefile.Is(err) {
			t.Errorf("%q: error %v, want %q", c.text, err, c.want)
		}
	}
	if _, err := Default().With("keep", "card_code"); err == nil {
		t.Error("With kept card codes")
	}
	if _, err := Default().With("burn", "name"); err == nil {
		t.Error("With took an unknown rule")
	}
}

func FuzzParsePolicy(f *testing.F) {
	f.Add(string(defaultFile))
	f.Add("version: 1\nkinds: {name: mask 3}\nagent: {name: keep}\n")
	f.Add("version: 1\nkinds: &a {name: keep}\ncustomer: *a\n")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := ParsePolicy("p.yaml", []byte(text))
		if err != nil {
			return
		}
		for _, who := range []insights.Speaker{insights.Customer, insights.Agent, "other"} {
			if p.set().keeps(who, nameCard) || p.set().keeps(who, nameCode) {
				t.Fatal("a policy keeps cards")
			}
		}
	})
}

// TestVersion: what says something else has another name.
func TestVersion(t *testing.T) {
	masked, err := Default().With("mask 3", "phone")
	if err != nil {
		t.Fatal(err)
	}
	four, err := Default().With("mask 4", "phone")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, p := range []Policy{Default(), Strict(), masked, four} {
		if !strings.HasPrefix(p.Version(), "redact/") || seen[p.Version()] {
			t.Errorf("version %q", p.Version())
		}
		seen[p.Version()] = true
	}
	if (Policy{}).Version() != Default().Version() {
		t.Error("the zero policy is not the default one")
	}
}

// everyKind is one saying for each kind, as a person may say it.
var everyKind = []struct {
	kind string
	say  []string
	want string // of the last line, removed
}{
	{"card_expiry", []string{"a: when does the card expire", "oh nine twenty seven"}, "[card expiry]"},
	{"code", []string{"a: what is your pin", "four four one two"}, "[code]"},
	{"password", []string{"a: what is your password please", "my password is marzipan"}, "my password is [password]"},
	{"bank_account", []string{"my iban is DE89 3704 0044 0532 0130 00 thanks"}, "my iban is [bank account] thanks"},
	{"bank_account", []string{"it is d e eight nine three seven oh four double oh double four oh five three two oh one three oh double oh okay"}, "it is [bank account] okay"},
	{"bank_account", []string{"a: and the sort code", "twenty thirty forty"}, "[bank account]"},
	{"national_id", []string{"my social security number is one two three four five six seven eight nine"}, "my social security number is [national id]"},
	{"national_id", []string{"it's 219-09-9999 i think"}, "it's [national id] i think"},
	{"national_id", []string{"a: the last four of your social please", "yes nine nine one two"}, "yes [national id]"},
	{"national_id", []string{"that is AB 12 34 56 C okay"}, "that is [national id] okay"},
	{"national_id", []string{"a b one two three four five six c is mine"}, "[national id] is mine"},
	{"date_of_birth", []string{"a: may i have your date of birth", "sure third of may nineteen eighty four"}, "sure [date of birth]"},
	{"date_of_birth", []string{"i was born on 05/04/1984 in leeds"}, "i was born on [date of birth] in leeds"},
	{"date_of_birth", []string{"october the twelfth nineteen fifty nine is my birthday"}, "[date of birth] is my birthday"},
	{"email", []string{"write to jane.doe@example.org please"}, "write to [email] please"},
	{"email", []string{"it's j dot smith at gmail dot com thank you"}, "it's [email] thank you"},
	{"email", []string{"send it to mary underscore jones four four at example dot co dot uk"}, "send it to [email]"},
	{"phone", []string{"a: what is your phone number", "five five five two three six eight"}, "[phone]"},
	{"phone", []string{"my phone number is 212 555 0143 okay"}, "my phone number is [phone] okay"},
	{"name", []string{"a: who am i speaking with", "my name is deirdre okonkwo"}, "my name is [name]"},
	{"address", []string{"a: what is your address", "forty two thistledown lane wexham"}, "[address]"},
	{"postcode", []string{"a: and the zip code", "nine oh two one oh"}, "[postcode]"},
	{"account_number", []string{"a: your order number please", "four four one two seven"}, "[account number]"},
	{"account_number", []string{"my policy number is kl44902 okay"}, "my policy number is [account number] okay"},
	{"username", []string{"a: what is your username", "my username is qwill_harrow"}, "my username is [username]"},
	{"ip_address", []string{"the address is 192.168.40.7 in the log"}, "the address is [ip address] in the log"},
	{"domain", []string{"see shop.example.com for it"}, "see [domain] for it"},
}

// TestEveryKind: each kind goes when the policy says so, stays when it does
// not, and its audio is silenced.
func TestEveryKind(t *testing.T) {
	for _, c := range everyKind {
		only, err := policy(t, "version: 1\nkinds: {name: keep}\nnational_ids: [us, gb]").With("remove", c.kind)
		if err != nil {
			t.Fatal(err)
		}
		last := len(c.say) - 1
		if got := play(New(only), c.say...)[last]; got != c.want {
			t.Errorf("%s of %q: %q, want %q", c.kind, c.say, got, c.want)
		}
		keeps, err := only.With("keep", c.kind)
		if err != nil {
			t.Fatal(err)
		}
		if got := play(New(keeps), c.say...)[last]; got != c.say[last] && !strings.Contains(got, "[card number]") {
			t.Errorf("%s was to be kept: %q", c.kind, got)
		}
		r := New(only)
		for i, line := range c.say {
			_, found, mutes := r.Final(utter(line, i))
			if i == last && (len(mutes) == 0 || len(found) == 0 || found[0].Name != c.kind || found[0].Model != only.Version()) {
				t.Errorf("%s of %q: insights %+v, mutes %v", c.kind, line, found, mutes)
			}
		}
		if shown := New(only).Partial(insights.Customer, c.say[last]); len(c.say) == 1 && shown != c.want {
			t.Errorf("%s in a partial: %q, want %q", c.kind, shown, c.want)
		}
	}
}

func TestMask(t *testing.T) {
	p := policy(t, "version: 1\nkinds:\n  phone: mask 4\n  email: mask\n  account_number: mask 3\n  name: mask\n")
	got := play(
		New(p), "a: what is your phone number", "two one two five five five oh one four three",
		"my email is jane.doe@example.org okay", "order number four four one two seven seven nine", "order number 44",
		"my card number is 4111 1111 1111 1111",
	)
	want := []string{
		"a: what is your phone number", "[phone ending 0143]", "my email is [email ending rg] okay", "order number [account number ending 779]",
		"order number [account number]", "my card number is [card number]",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	u := utter("two one two five five five oh one four three", 1)
	r := New(p)
	r.Final(utter("a: what is your phone number", 0))
	if _, found, mutes := r.Final(u); len(mutes) != 1 || len(found) != 1 || found[0].Text != "" {
		t.Errorf("a mask gave %+v and the mutes %v", found, mutes)
	}
}

func TestSpeakersDiffer(t *testing.T) {
	p := policy(t, "version: 1\nkinds: {name: remove}\nagent: {name: keep}\n")
	got := play(New(p), "a: my name is deirdre okonkwo", "my name is deirdre okonkwo")
	if want := []string{"a: my name is deirdre okonkwo", "my name is [name]"}; !cmp.Equal(want, got) {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestOrdinarySpeechStays: the default policy leaves what the profile needs.
func TestOrdinarySpeechStays(t *testing.T) {
	for _, lines := range [][]string{
		{"hi my name is anna harrow and i live at forty two thistledown lane"},
		{"a: your order number please", "four four one two seven"},
		{"you can reach me at two one two five five five oh one four three"},
		{"it's j dot smith at gmail dot com"},
		{"i was charged forty two dollars on the third of may"},
		{"i forgot my password can you help me to reset it"},
		{"do you need my date of birth or my social security number"},
		{"the bank account is closed since may twenty twenty one"},
		{"i want to change my iban please"},
		{"my birthday is next week so please hurry"},
	} {
		if diff := cmp.Diff(lines, play(New(Default()), lines...)); diff != "" {
			t.Error(diff)
		}
	}
}

// TestBirthEnds: the date was given, other dates may stay.
func TestBirthEnds(t *testing.T) {
	got := play(New(Default()), "a: your date of birth please", "third of may nineteen eighty four", "a: thank you", "i called on the fourth of june")
	want := []string{"a: your date of birth please", "[date of birth]", "a: thank you", "i called on the fourth of june"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestNationalNumbers(t *testing.T) {
	for country, c := range map[string]struct{ good, bad string }{
		"ca": {"123456782", "123456783"}, "de": {"86095742719", "86095742718"},
		"es": {"12345678z", "12345678a"}, "nl": {"111222333", "111222334"}, "pl": {"44051401359", "44051401358"},
		"se": {"8112189876", "8112189877"}, "is": {"1201743399", "1201743389"}, "br": {"52998224725", "52998224724"},
		"in": {"234123412346", "234123412347"}, "gb": {"ab123456c", "ab123456e"}, "fr": {"255081416802538", "255081416802539"},
	} {
		valid := func(id string) bool {
			for _, n := range nationals {
				if n.country == country {
					return n.form.MatchString(id) && (n.check == nil || n.check(id))
				}
			}
			t.Fatalf("no %s", country)
			return false
		}
		if !valid(c.good) || valid(c.bad) {
			t.Errorf("%s: %s is %v, %s is %v", country, c.good, valid(c.good), c.bad, valid(c.bad))
		}
	}
}

func TestFindWithstands(t *testing.T) {
	for _, said := range []string{
		"", strings.Repeat("anna four at gmail dot com 12 ", 2000), "اسمي خالد ورقمي ٤٤٥٥٦٦٧", "Ég heiti Guðrún og kennitalan er 120174-3399",
		"իմ անունը Արամ է", "שמי דוד ומספרי 1234567", "🙂 call 🙂 me at a@b.co 👩‍👩‍👧", "[name] [", "::::::", "at dot com", "dot at dot dot com at",
	} {
		last := 0
		for _, r := range Strict().Find(insights.Customer, said) {
			if r.From < last || r.To <= r.From || r.To > len(said) {
				t.Fatalf("%.40q: %+v behind %d", said, r, last)
			}
			last = r.To
		}
	}
}

func BenchmarkStrict(b *testing.B) {
	p := Strict()
	u := insights.Utterance{Text: "my name is anna harrow i live at forty two thistledown lane and my number is two one two five five five oh one four three", End: 9}
	b.ReportAllocs()
	for b.Loop() {
		New(p).Final(u)
	}
}
