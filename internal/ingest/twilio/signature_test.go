package twilio

import (
	"net/url"
	"slices"
	"strings"
	"testing"
)

const (
	vectorToken = "12345"
	vectorURL   = "https://mycompany.com/myapp.php?foo=1&bar=2"
)

func five(more ...string) url.Values {
	v := url.Values{
		"CallSid": {"CA1234567890ABCDE"}, "Caller": {"+14158675309"}, "Digits": {"1234"},
		"From": {"+14158675309"}, "To": {"+18005551212"},
	}
	for i := 0; i < len(more); i += 2 {
		v.Add(more[i], more[i+1])
	}
	return v
}

func TestVerifyAcceptsThePublishedVectors(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, url string
		params    url.Values
		signature string
		wrong     bool
	}{
		{name: "form", url: vectorURL, params: five(), signature: "RSOYDt4T1cUTdK1PDd93/VVr8B8="},
		{
			name: "names of equal beginning", url: vectorURL,
			params: five("Reason", "Participant", "ReasonConferenceEnded", "test"), signature: "vOEb5UThFn24KEfnOFLQY2AE5FY=",
		},
		{
			name: "names wrongly ordered", url: vectorURL, wrong: true,
			params: five("Reason", "Participant", "ReasonConferenceEnded", "test"), signature: "95+Bu0JVPi0r/SsESZCVf0dWAjw=",
		},
		{name: "signed with the standard port", url: vectorURL, params: five(), signature: "kvajT1Ptam85bY51eRf/AJRuM3w="},
		{name: "own port", url: "http://mycompany.com:1234/myapp.php?foo=1&bar=2", params: five(), signature: "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="},
		{name: "http signed with port 80", url: "http://mycompany.com/myapp.php?foo=1&bar=2", params: five(), signature: "0ZXoZLH/DfblKGATFgpif+LLRf4="},
		{name: "seen with a port, signed without", url: "https://mycompany.com:1234/myapp.php?foo=1&bar=2", params: five(), signature: "RSOYDt4T1cUTdK1PDd93/VVr8B8="},
		{name: "apostrophe escaped", url: vectorURL + "&Body=It's+amazing", params: five(), signature: "TfZzewPq8wqrGlMfyAud8+/IvJ0="},
		{name: "query written again", url: vectorURL + "&Body=It's+amazing", params: five(), signature: "bD9iT2C/HNMwZ/yCH1s/5R2+wUs="},
		{
			name: "repeated parameter", url: vectorURL,
			params:    url.Values{"Digits": {"5678", "1234", "1234"}, "Sid": {"CA123"}, "SidAccount": {"AC123"}},
			signature: "IK+Dwps556ElfBT0I3Rgjkr1wJU=",
		},
		{
			name: "several values", url: vectorURL,
			params: url.Values{"MessagingBinding.Address": {"+1325xxxxxxx", "+1415xxxxxxx"}}, signature: "83O6e2vORAoJHUNzJjDWN1jz+BA=",
		},
		{
			name: "several values the other way round", url: vectorURL,
			params: url.Values{"MessagingBinding.Address": {"+1415xxxxxxx", "+1325xxxxxxx"}}, signature: "83O6e2vORAoJHUNzJjDWN1jz+BA=",
		},
		{name: "user and password", url: "https://user:pass@mycompany.com/myapp.php?foo=1&bar=2", params: five(), signature: "CukzLTc1tT5dXEDIHm/tKBanW10="},
		{
			name: "a form that is not ours", url: vectorURL,
			params: url.Values{"property": {"value"}, "boolean": {"true"}}, signature: "NBdBDr/T/lgjI+tlgpXjKZQZs/k=",
		},
		{
			name: "a parameter too few", url: vectorURL, wrong: true,
			params: url.Values{"CallSid": {"CA1234567890ABCDE"}}, signature: "RSOYDt4T1cUTdK1PDd93/VVr8B8=",
		},
		{name: "another host", url: "https://theircompany.com/myapp.php?foo=1&bar=2", params: five(), wrong: true, signature: "RSOYDt4T1cUTdK1PDd93/VVr8B8="},
		{name: "no signature", url: vectorURL, params: five(), wrong: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := Verify(vectorToken, c.signature, c.url, c.params); got == c.wrong {
				t.Errorf("Verify = %v; candidates %q", got, candidates(c.url))
			}
			if Verify("12346", c.signature, c.url, c.params) || Verify("", c.signature, c.url, c.params) {
				t.Error("another token, or none, was accepted")
			}
		})
	}
}

func TestVerifyBodyAcceptsThePublishedVectors(t *testing.T) {
	t.Parallel()
	const (
		body  = `{"property": "value", "boolean": true}`
		hash  = "0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620"
		empty = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
	)
	for _, c := range []struct {
		name, url, body, signature string
		want                       bool
	}{
		{"json", vectorURL + "&bodySHA256=" + hash, body, "a9nBmqA0ju/hNViExpshrM61xv4=", true},
		{"json, only the hash in the query", "https://mycompany.com/myapp.php?bodySHA256=" + hash, body, "y77kIzt2vzLz71DgmJGsen2scGs=", true},
		{"empty object signed with a port", vectorURL + "&bodySHA256=" + empty, "{}", "Ldidvp12m26NI7eqEvxnEpkd9Hc=", true},
		{"body changed", vectorURL + "&bodySHA256=" + hash, body + " ", "a9nBmqA0ju/hNViExpshrM61xv4=", false},
		{"hash changed", vectorURL + "&bodySHA256=" + empty, "{}", "a9nBmqA0ju/hNViExpshrM61xv4=", false},
		{"no hash", vectorURL, body, Signature(vectorToken, vectorURL, nil), false},
		{"broken query", vectorURL + "&a=%zz&bodySHA256=" + hash, body, Signature(vectorToken, vectorURL, nil), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := VerifyBody(vectorToken, c.signature, c.url, []byte(c.body)); got != c.want {
				t.Errorf("VerifyBody = %v, want %v", got, c.want)
			}
		})
	}
}

func TestCandidates(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		url  string
		want []string
	}{
		{"wss://heed.example/ingest", []string{"wss://heed.example/ingest", "wss://heed.example:443/ingest"}},
		{"ws://localhost:8080/ingest", []string{"ws://localhost/ingest", "ws://localhost:8080/ingest"}},
		{"https://[::1]/x", []string{"https://[::1]/x", "https://[::1]:443/x"}},
		{"https://[::1]:8443/x", []string{"https://[::1]/x", "https://[::1]:8443/x"}},
		{"https://h?b=1&a=2&b=3&c", []string{
			"https://h?b=1&a=2&b=3&c", "https://h?b=1&b=3&a=2&c=",
			"https://h:443?b=1&a=2&b=3&c", "https://h:443?b=1&b=3&a=2&c=",
		}},
		{"https://h/?a=%zz", []string{"https://h/?a=%zz", "https://h/?a=%25zz", "https://h:443/?a=%zz", "https://h:443/?a=%25zz"}},
		{"no url", []string{"no url"}},
	} {
		if got := candidates(c.url); !slices.Equal(got, c.want) {
			t.Errorf("candidates(%q)\n got %q\nwant %q", c.url, got, c.want)
		}
	}
}

func FuzzVerify(f *testing.F) {
	f.Add(vectorURL, "CallSid=CA1&From=%2B1415")
	f.Add("wss://heed.example:443/ingest/twilio/media?It's+a=1&a=2#x", "")
	f.Add("https://[::1]:80?%", "a=1&a=1&a=")
	f.Fuzz(func(t *testing.T, target, form string) {
		params, _ := url.ParseQuery(form)
		all := candidates(target)
		if len(all) == 0 || len(all) > 6 {
			t.Fatalf("%d candidates: %q", len(all), all)
		}
		for _, c := range all {
			if strings.Contains(target, "://") && !strings.Contains(c, "://") {
				t.Fatalf("candidate %q of %q lost its scheme", c, target)
			}
			signature := Signature(vectorToken, c, params)
			if !Verify(vectorToken, signature, target, params) {
				t.Fatalf("a candidate's own signature was refused: %q of %q", c, target)
			}
			if Verify(vectorToken+"x", signature, target, params) {
				t.Fatal("another token was accepted")
			}
		}
	})
}
