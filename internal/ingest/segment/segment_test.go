package segment

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"heed/internal/brain"
	"heed/internal/consent"
	"heed/internal/customer"
	"heed/internal/decide"
)

var noon = time.Date(2026, 5, 3, 12, 0, 0, 0, time.UTC)

func read(t *testing.T, raw string) message {
	t.Helper()
	m, err := parseMessage([]byte(raw), "", envelope{received: noon})
	if err != nil {
		t.Fatalf("%s: %v", raw, err)
	}
	return m
}

func TestWhenItHappened(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ fields, sent, want string }{
		"no time":                    {``, "", "2026-05-03T12:00:00Z"},
		"a time":                     {`,"timestamp":"2026-05-03T11:00:00.5Z"`, "", "2026-05-03T11:00:00.5Z"},
		"with a zone":                {`,"timestamp":"2026-05-03T13:00:00+02:00"`, "", "2026-05-03T11:00:00Z"},
		"zone without colon":         {`,"timestamp":"2026-05-03T13:00:00.000+0200"`, "", "2026-05-03T11:00:00Z"},
		"without seconds":            {`,"timestamp":"2026-05-03T11:00Z"`, "", "2026-05-03T11:00:00Z"},
		"only the original":          {`,"originalTimestamp":"2026-05-03T11:00:00Z"`, "", "2026-05-03T11:00:00Z"},
		"null is absent":             {`,"timestamp":null`, "", "2026-05-03T12:00:00Z"},
		"the future is now":          {`,"timestamp":"2031-01-01T00:00:00Z"`, "", "2026-05-03T12:00:00Z"},
		"a clock an hour fast":       {`,"timestamp":"2026-05-03T12:50:00Z","sentAt":"2026-05-03T13:00:00Z"`, "", "2026-05-03T11:50:00Z"},
		"a clock an hour slow":       {`,"timestamp":"2026-05-03T10:50:00Z","sentAt":"2026-05-03T11:00:00Z"`, "", "2026-05-03T11:50:00Z"},
		"sent with the batch":        {`,"timestamp":"2026-05-03T10:50:00Z"`, "2026-05-03T11:00:00Z", "2026-05-03T11:50:00Z"},
		"its own sentAt counts more": {`,"timestamp":"2026-05-03T10:50:00Z","sentAt":"2026-05-03T10:55:00Z"`, "2026-05-03T11:00:00Z", "2026-05-03T11:55:00Z"},
		"after it was sent":          {`,"timestamp":"2026-05-03T13:00:00Z","sentAt":"2026-05-03T12:00:00Z"`, "", "2026-05-03T12:00:00Z"},
		"long ago":                   {`,"timestamp":"1970-01-01T00:00:00Z"`, "", "1970-01-01T00:00:00Z"},
	} {
		env := envelope{received: noon}
		if c.sent != "" {
			env.sent, _ = time.Parse(time.RFC3339, c.sent)
		}
		m, err := parseMessage([]byte(`{"type":"page","userId":"u"`+c.fields+`}`), "", env)
		if err != nil || m.at.Format(time.RFC3339Nano) != c.want {
			t.Errorf("%s: %s, error %v, want %s", name, m.at.Format(time.RFC3339Nano), err, c.want)
		}
	}
}

// TestMeanings runs every name of the table and checks that what follows is
// something that signals and policies can read.
func TestMeanings(t *testing.T) {
	t.Parallel()
	r := &Rules{}
	moves, read := 0, 0
	for name, facts := range Names() {
		for _, written := range []string{name, strings.ToUpper(name), "  " + strings.ReplaceAll(name, " ", "   ")} {
			if got, known := r.meaning(written); !known || !slices.Equal(got, facts) {
				t.Errorf("%q is %v, known %v", written, got, known)
			}
		}
		for _, f := range facts {
			if !isFact(f) {
				t.Errorf("%q of %q is no fact", f, name)
			}
			if len(customer.MovedBy(f)) > 0 {
				moves++
			}
			if len(decide.ChangedBy(f)) > 0 {
				read++
			}
		}
	}
	if moves < 8 || read < 30 {
		t.Errorf("%d move a signal, %d may be read", moves, read)
	}
	for name, want := range map[string]string{
		"Product Added": "[cart.add]", "Order Completed": "[purchase order.placed]", "page.cancel": "[page.cancel]", "purchase": "[purchase]",
		"demo.booked_1": "[demo.booked_1]", "Lamp Rubbed": "[]", "page.": "[]", "Page.Cancel": "[]", "lamp_rubbed": "[]", "a..b": "[]", ".": "[]",
	} {
		if got, known := r.meaning(name); fmt.Sprint(got) != want || known != (want != "[]") {
			t.Errorf("%q is %v, known %v, want %s", name, got, known, want)
		}
	}
}

func TestWhatAFactCarries(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ event, properties, want string }{
		{"Product Added", `{"product_id":"p1","sku":"s","category":"Phones","price":9.5,"colour":"red"}`, `{"category":"Phones","product":"p1","value":9.5}`},
		{"Product Added", `{"sku":12345678901}`, `{"product":"12345678901"}`},
		{"Product Added", `{"product_id":" ","price":"9.5"}`, `null`},
		{"Product Added", `null`, `null`},
		{
			"Order Completed", `{"order_id":"o1","total":20,"products":[{"product_id":"a","category":"x"},{"product_id":"b","category":"x"},{"product_id":"a"},7]}`,
			`{"categories":["x"],"order":"o1","products":["a","b"],"value":20}`,
		},
		{"Payment Failed", `{"payment_id":"p","invoice_id":"i"}`, `{"id":"i"}`},
		{"Ticket Created", `{"ticket_id":77}`, `{"id":"77"}`},
		{"Complaint Resolved", `{"id":"c","happy":false}`, `{"happy":false,"id":"c"}`},
		{"Product Reviewed", `{"rating":5,"value":99}`, `{"value":1}`},
		{"Product Reviewed", `{"rating":1}`, `{"value":-1}`},
		{"Product Reviewed", `{"rating":77}`, `null`},
	} {
		m := read(t, `{"type":"track","userId":"u","event":"`+c.event+`","properties":`+c.properties+`}`)
		got := (&Rules{}).understand(&m, "shop")
		if len(got.Facts) == 0 {
			t.Fatalf("%s: nothing follows", c.event)
		}
		raw, err := json.Marshal(got.Facts[0].Props)
		if err != nil || string(raw) != c.want {
			t.Errorf("%s %s: %s, want %s", c.event, c.properties, raw, c.want)
		}
	}
}

func TestWhoItIs(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ message, want string }{
		{`{"type":"page","anonymousId":"a"}`, "anonymous_id=a"},
		{`{"type":"page","userId":" u ","anonymousId":"a"}`, "user_id=u anonymous_id=a"},
		{`{"type":"identify","userId":"u","traits":{"email":"a@b.c","phone":"+1 202 555 0142"}}`, "user_id=u email=a@b.c phone=+1 202 555 0142"},
		{`{"type":"track","event":"e","userId":"u","context":{"traits":{"email":"a@b.c"},"device":{"id":"d"}}}`, "user_id=u email=a@b.c device=d"},
		{`{"type":"group","groupId":"g","userId":"u","traits":{"email":"info@acme.example"}}`, "user_id=u"},
		{`{"type":"alias","userId":"u","previousId":"p"}`, "user_id=u anonymous_id=p"},
	} {
		m := read(t, c.message)
		var got []string
		for _, id := range m.identifiers() {
			got = append(got, id.Type+"="+id.Value)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %s", c.message, got, c.want)
		}
	}
}

func TestWhatIsKnownOfThem(t *testing.T) {
	t.Parallel()
	m := read(t, `{"type":"identify","userId":"u","traits":{"firstName":"Ann","lastName":"Lee","email":"a@b.c","loginCount":5,"vip":true,"tags":["x"],
		"address":{"city":"Riga","geo":{"lat":1}},"gone":null,"bio":"`+strings.Repeat("a", 2000)+`"},
		"context":{"locale":"lv","timezone":"Europe/Riga","traits":{"vip":false,"mood":"blue"}}}`)
	got := map[string]any{}
	for _, tr := range m.known() {
		got[tr.Name] = tr.Value
	}
	want := map[string]any{
		"name": "Ann Lee", "first_name": "Ann", "last_name": "Lee", "login_count": 5.0, "vip": true, "address.city": "Riga", "mood": "blue",
		"language": "lv", "time_zone": "Europe/Riga",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestRulesOfTheOperator(t *testing.T) {
	t.Parallel()
	r, err := ParseRules([]string{"Demo Booked=demo.booked", "Product Viewed=page.look"}, []string{"/account/cancel*=page.cancel", "*/plans/*=page.plans"},
		[]string{"Ads=marketing", "Ads=profiling", "News=marketing/email"})
	if err != nil {
		t.Fatal(err)
	}
	for event, want := range map[string]string{"demo booked": "[demo.booked]", "Product Viewed": "[page.look]", "Product Added": "[cart.add]"} {
		if got, _ := r.meaning(event); fmt.Sprint(got) != want {
			t.Errorf("%s is %v, want %s", event, got, want)
		}
	}
	for page, want := range map[string]string{
		`{"type":"page","userId":"u","properties":{"path":"/account/cancel/why"}}`:                             "page.cancel",
		`{"type":"page","userId":"u","properties":{"url":"https://x.example/eu/plans/gold?a=/account"}}`:       "page.plans",
		`{"type":"page","userId":"u","context":{"page":{"path":"/account/cancel"}}}`:                           "page.cancel",
		`{"type":"page","userId":"u","properties":{"path":"/"},"context":{"page":{"path":"/account/cancel"}}}`: "",
		`{"type":"page","userId":"u","properties":{"url":"::"}}`:                                               "",
		`{"type":"screen","userId":"u","properties":{"path":"/account/cancel"}}`:                               "",
	} {
		m := read(t, page)
		if got := strings.Join(r.facts(&m), " "); got != want {
			t.Errorf("%s is %q, want %q", page, got, want)
		}
	}
	m := read(t, `{"type":"page","userId":"u","messageId":"m","context":{"consent":{"categoryPreferences":{"Ads":true,"News":false,"Other":true}}}}`)
	var got []string
	for _, w := range r.understand(&m, "shop").Wishes {
		got = append(got, fmt.Sprint(w.Purpose, "/", w.Channel, "=", w.Granted))
	}
	if want := "marketing/=true profiling/=true marketing/email=false"; strings.Join(got, " ") != want {
		t.Errorf("wishes %v, want %s", got, want)
	}
	for _, bad := range [][3][]string{
		{{"x"}}, {{"x=Not A Fact"}}, {{"=a.b"}}, {nil, {"/x=nofact"}}, {nil, nil, {"Ads=selling"}}, {nil, nil, {"Ads=marketing/pigeon"}},
	} {
		if _, err := ParseRules(bad[0], bad[1], bad[2]); err == nil {
			t.Errorf("%v is taken", bad)
		}
	}
}

func TestNobodyOpensByUnsubscribing(t *testing.T) {
	t.Parallel()
	m := read(t, `{"type":"track","userId":"u","event":"Unsubscribed","messageId":"m"}`)
	w := (&Rules{}).understand(&m, "shop").Wishes
	if len(w) != 1 || w[0].Granted || w[0].Cell != (consent.Cell{Purpose: consent.Marketing, Channel: "email"}) {
		t.Errorf("wishes %+v", w)
	}
	m = read(t, `{"type":"track","userId":"u","event":"Product Added"}`)
	if w := (&Rules{}).understand(&m, "shop").Wishes; len(w) != 0 {
		t.Errorf("no word of consent, yet %+v", w)
	}
}

// Whatever the order of its messages, a person ends the same.
func TestTheOrderOfMessagesDoesNotMatter(t *testing.T) {
	t.Parallel()
	r, err := ParseRules(nil, []string{"/cancel=page.cancel"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	events := []string{"Product Added", "Product Removed", "Order Completed", "Order Delivered", "Ticket Created", "Ticket Solved", "Lamp Rubbed"}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "messages")
		all := make([]brain.Received, n)
		for i := range all {
			at := noon.Add(-time.Duration(rapid.IntRange(0, 40).Draw(t, "minutes")) * time.Minute).Format(time.RFC3339)
			name := rapid.SampledFrom(events).Draw(t, "event")
			raw := fmt.Sprintf(`{"type":"track","userId":"u","event":%q,"messageId":"m%d","timestamp":%q,"properties":{"product_id":"p%d","ticket_id":"t1"}}`, name, i, at, i%3)
			m, bad := parseMessage([]byte(raw), "", envelope{received: noon})
			if bad != nil {
				t.Fatal(bad)
			}
			all[i] = r.understand(&m, "shop")
		}
		fold := func(order []int) customer.Profile {
			p := customer.New("c", noon)
			for _, i := range order {
				for k, f := range all[i].Facts {
					f.EventID, f.At = fmt.Sprint(all[i].ID, k), all[i].At
					p.Observe(f)
				}
			}
			return p
		}
		straight := make([]int, n)
		for i := range straight {
			straight[i] = i
		}
		again := append(rapid.Permutation(straight).Draw(t, "order"), rapid.SampledFrom(straight).Draw(t, "twice"))
		if a, b := fold(straight), fold(again); !reflect.DeepEqual(a, b) {
			t.Fatalf("in order %+v\nas drawn %+v", a, b)
		}
	})
}

// FuzzMessage sends anything: what is taken names somebody, happened within
// the bounds of time, and what follows from it can be stored.
func FuzzMessage(f *testing.F) {
	f.Add(`{"type":"track","userId":"u","event":"Order Completed","properties":{"products":[{"product_id":1}]},"timestamp":"2026-05-03T10:00:00Z"}`)
	f.Add(`{"type":"identify","anonymousId":"a","traits":{"email":"a@b.c","address":{"city":"x"}},"context":{"consent":{"categoryPreferences":{"a":true}}}}`)
	f.Add(`{"type":"page","userId":"\u0000","properties":{"url":"http://[::1"}}`)
	f.Add(`{"batch":[{"type":"alias"}],"sentAt":"x"}`)
	r, err := ParseRules(nil, []string{"*=page.any"}, []string{"a=marketing"})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw string) {
		env, parts, bad := parseBatch([]byte(raw), noon)
		if bad != nil {
			env, parts = envelope{received: noon}, []json.RawMessage{json.RawMessage(raw)}
		}
		for _, part := range parts {
			m, bad := parseMessage(part, "", env)
			if bad != nil {
				if bad.Field == "" || bad.Reason == "" {
					t.Errorf("a refusal without a name: %+v", bad)
				}
				continue
			}
			got := r.understand(&m, "shop")
			if len(got.Identifiers) == 0 || got.At.After(noon) || got.At.Before(time.Unix(0, 0)) {
				t.Errorf("%s: %+v", part, got)
			}
			if _, err := json.Marshal(got); err != nil {
				t.Errorf("%s: %v", part, err)
			}
		}
	})
}

// Only what names its decision answers a suggestion.
func TestWhatAnswersASuggestion(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ kind, event, properties, want string }{
		{"track", "Email Link Clicked", `{"decision_id":"dec_1"}`, "dec_1 clicked  0"},
		{"track", "order completed", `{"decisionId":"dec_1","action":"up.fibre","total":49.5}`, "dec_1 converted up.fibre 49.5"},
		{"track", "Order Completed", `{"decision_id":"dec_1","total":-3}`, "dec_1 converted  0"},
		{"track", "Email Delivered", `{"decision_id":"dec_1"}`, "dec_1 impression  0"},
		{"track", "Email Unsubscribed", `{"decision_id":"dec_1"}`, "dec_1 opted_out  0"},
		{"track", "Order Completed", `{"total":49.5}`, ""},
		{"track", "Order Completed", `{"decision_id":7}`, ""},
		{"track", "Order Completed", `{"decision_id":"` + strings.Repeat("x", 65) + `"}`, ""},
		{"track", "Product Viewed", `{"decision_id":"dec_1"}`, ""},
		{"page", "Email Link Clicked", `{"decision_id":"dec_1"}`, ""},
	} {
		m := &message{kind: c.kind, name: c.event}
		if err := json.Unmarshal([]byte(c.properties), &m.properties); err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, o := range m.answersOf() {
			got = fmt.Sprint(o.DecisionID, " ", o.Outcome, " ", o.Action, " ", o.Value)
		}
		if got != c.want {
			t.Errorf("%s %s: %q, want %q", c.event, c.properties, got, c.want)
		}
	}
}
