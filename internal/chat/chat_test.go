package chat

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"heed/insights"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const secret = "sk-test-swordfish"

func call() []insights.Utterance {
	return []insights.Utterance{
		{ID: "u1", Speaker: insights.Agent, Start: 1, Text: "hello how can i help you"},
		{ID: "u2", Speaker: insights.Customer, Start: 4, Text: "i want to cancel", Written: "I want to cancel."},
		{ID: "u3", Speaker: insights.Customer, Start: 6, Text: "  "},
		{ID: "u4", Speaker: insights.Agent, Start: 9, Text: "i will send you the form tomorrow"},
	}
}

// endpoint is a chat endpoint as the API's reference describes it: it refuses
// what that refuses, and says what it is told to.
type endpoint struct {
	t       *testing.T
	status  int
	says    string // the message's content
	finish  string
	refusal string
	raw     string // in place of a completion
	got     request
	asked   int
}

func (e *endpoint) fail(w http.ResponseWriter, status int, kind, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = fmt.Fprintf(w, `{"error":{"message":%q,"type":%q,"param":null,"code":null}}`, text, kind)
}

func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	e.asked++
	body, err := io.ReadAll(r.Body)
	switch {
	case err != nil || json.Unmarshal(body, &e.got) != nil:
		e.fail(w, 400, "invalid_request_error", "We could not parse the JSON body of your request.")
	case r.Method != http.MethodPost || r.URL.Path != "/v1/chat/completions":
		e.fail(w, 404, "invalid_request_error", "Invalid URL")
	case r.Header.Get("Authorization") != "Bearer "+secret:
		e.fail(w, 401, "invalid_request_error", "Incorrect API key provided: "+r.Header.Get("Authorization"))
	case r.Header.Get("Content-Type") != "application/json" || e.got.Model == "" || len(e.got.Messages) == 0 ||
		!strings.Contains(e.got.Messages[0].Content, "JSON"): // json_object wants the word in the messages
		e.fail(w, 400, "invalid_request_error", "bad request")
	case e.status != 0:
		e.fail(w, e.status, "server_error", "the prompt was "+e.got.Messages[1].Content)
	case e.raw != "":
		_, _ = io.WriteString(w, e.raw)
	default:
		content, _ := json.Marshal(e.says)
		_, _ = fmt.Fprintf(w, `{"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"m-2026","choices":[{"index":0,
			"message":{"role":"assistant","content":%s,"refusal":%q},"logprobs":null,"finish_reason":%q}],"usage":{"total_tokens":9}}`,
			content, e.refusal, e.finish)
	}
}

// ask sums the call up with a fake endpoint.
func ask(t *testing.T, e *endpoint) (insights.Summary, error) {
	t.Helper()
	e.t = t
	if e.finish == "" {
		e.finish = "stop"
	}
	server := httptest.NewServer(e)
	defer server.Close()
	c, err := New(Options{Endpoint: server.URL + "/v1/", Model: "small", Key: secret})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	return c.Sum(t.Context(), "c1", call())
}

const good = `{"issue":[{"text":"Wants  to\ncancel.","line":2}],"done":[],"promise":[{"text":"The form comes tomorrow.","line":3}]}`

func TestSum(t *testing.T) {
	for _, says := range []string{good, "```json\n" + good + "\n```", "```\n" + good + "```"} {
		e := &endpoint{says: says}
		got, err := ask(t, e)
		want := insights.Summary{
			CallID: "c1", Source: "small", Model: "chat-summary/1.small",
			Lines: []insights.SummaryLine{
				{Part: insights.SummaryIssue, Text: "Wants to cancel.", UtteranceID: "u2", Speaker: insights.Customer, Start: 4},
				{Part: insights.SummaryPromise, Text: "The form comes tomorrow.", UtteranceID: "u4", Speaker: insights.Agent, Start: 9},
			},
		}
		if diff := cmp.Diff(want, got); err != nil || diff != "" {
			t.Errorf("%v\n%s", err, diff)
		}
		if want := "1 agent: hello how can i help you\n2 customer: I want to cancel.\n3 agent: i will send you the form tomorrow\n"; e.got.Messages[1].Content != want {
			t.Errorf("sent %q", e.got.Messages[1].Content)
		}
		if e.got.Model != "small" || e.got.Temperature != 0 || e.got.Format.Type != "json_object" || e.got.MaxTokens == 0 {
			t.Errorf("asked %+v", e.got)
		}
	}
}

func TestWhatIsNotTaken(t *testing.T) {
	many := strings.Repeat(`{"text":"a","line":1},`, 6)
	for name, c := range map[string]struct {
		e    endpoint
		want string
	}{
		"a server's error":     {endpoint{status: 500}, "answered 500"},
		"too many requests":    {endpoint{status: 429}, "answered 429"},
		"a redirect":           {endpoint{status: 307}, "answered 307"},
		"no JSON at all":       {endpoint{raw: "<html>"}, "no chat completion"},
		"no choice":            {endpoint{raw: `{"choices":[]}`}, "no chat completion"},
		"an endless answer":    {endpoint{raw: `{"choices":[{"message":{"content":"` + strings.Repeat("x", maxAnswer) + `"}}]}`}, "over 1048576 bytes"},
		"a refusal":            {endpoint{refusal: "I can't"}, "refused"},
		"cut off":              {endpoint{says: good, finish: "length"}, "longer than it may be"},
		"nothing":              {endpoint{says: "  "}, "wrote nothing"},
		"prose":                {endpoint{says: "The customer wants to cancel."}, "no JSON of the expected form"},
		"JSON of another form": {endpoint{says: `{"issue":"cancel"}`}, "no JSON of the expected form"},
		"two objects":          {endpoint{says: good + good}, "more than one"},
		"another part":         {endpoint{says: `{"mood":[{"text":"a","line":1}]}`}, "not asked for"},
		"no lines":             {endpoint{says: `{"issue":[]}`}, "no line"},
		"an empty line":        {endpoint{says: `{"issue":[{"text":" ","line":1}]}`}, "empty line"},
		"a novel":              {endpoint{says: `{"issue":[{"text":"` + strings.Repeat("x", 401) + `","line":1}]}`}, "401 letters"},
		"a line that is not":   {endpoint{says: `{"issue":[{"text":"a","line":4}]}`}, "line 4 of 3"},
		"no line number":       {endpoint{says: `{"issue":[{"text":"a"}]}`}, "line 0 of 3"},
		"too many lines":       {endpoint{says: `{"issue":[` + strings.TrimSuffix(many, ",") + `]}`}, "6 lines"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ask(t, &c.e)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want %q", err, c.want)
			}
			if c.e.asked != 1 {
				t.Errorf("asked %d times", c.e.asked)
			}
			for _, never := range []string{secret, "cancel", "hello"} {
				if strings.Contains(err.Error(), never) {
					t.Errorf("%q is in the error: %v", never, err)
				}
			}
		})
	}
}

// slow is an endpoint that never answers.
type slow struct{}

func (slow) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

func TestTimeOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, err := New(Options{Endpoint: "https://example.com/v1", Model: "m", Key: secret, Timeout: 7 * time.Second, Transport: slow{}})
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		_, err = c.Sum(t.Context(), "c1", call())
		if took := time.Since(began); took != 7*time.Second || err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("%v after %v", err, took)
		}
	})
}

func TestNothingSaidIsNotAsked(t *testing.T) {
	c, err := New(Options{Endpoint: "https://example.com/v1", Model: "m", Transport: slow{}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Sum(t.Context(), "c1", call()[2:3]); err == nil {
		t.Error("nothing was summed up")
	}
}

func TestNewRefuses(t *testing.T) {
	for _, o := range []Options{
		{Endpoint: "", Model: "m"},
		{Endpoint: "localhost:8000", Model: "m"},
		{Endpoint: "ftp://example.com", Model: "m"},
		{Endpoint: "https://user:" + secret + "@example.com", Model: "m"},
		{Endpoint: "https://" + secret + "\x7f", Model: "m"},
		{Endpoint: "https://example.com"},
	} {
		if _, err := New(o); err == nil || strings.Contains(err.Error(), secret) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

func TestALongCallLosesItsMiddle(t *testing.T) {
	said := make([]insights.Utterance, 4000)
	for i := range said {
		said[i] = insights.Utterance{ID: fmt.Sprint(i), Speaker: insights.Customer, Text: fmt.Sprintf("turn %d هل \xff", i)}
	}
	said[2000].Text = strings.Repeat("ص", maxTranscript)
	text, lines := transcript(said)
	if len(lines) != 4000 || len(text) > maxTranscript+10 || !strings.Contains(text, "turn 0 ") || !strings.Contains(text, "turn 3999 ") ||
		strings.Contains(text, "turn 2001 ") || strings.Count(text, "\n...\n") != 1 {
		t.Errorf("%d lines, %d bytes", len(lines), len(text))
	}
}

func FuzzRead(f *testing.F) {
	f.Add(good)
	f.Add("```json\n{}```")
	_, lines := transcript(call())
	f.Fuzz(func(t *testing.T, s string) {
		out, err := read(s, lines)
		if (err == nil) != (len(out) > 0) {
			t.Fatalf("%d lines and %v", len(out), err)
		}
		for _, l := range out {
			if l.Text == "" || l.UtteranceID == "" || len([]rune(l.Text)) > maxRunes || strings.ContainsAny(l.Text, "\n\x00") {
				t.Fatalf("line %+v", l)
			}
		}
	})
}
