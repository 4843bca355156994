package audiohook

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const (
	organization = "d7934305-0972-4844-938e-9060eef73d05"
	session      = "30b0e395-84d3-4570-ac13-9a62d8f514c0"
	correlation  = "e160e428-53e2-487c-977d-96989bf5c99d"
	apiKey       = "SGVsbG8sIEkgYW0gdGhlIEFQSSBrZXkh"
	secret64     = "TXlTdXBlclNlY3JldEtleVRlbGxOby0xITJAMyM0JDU="
)

func keys(t testing.TB) Keys {
	t.Helper()
	k, err := ParseKeys([]string{apiKey + ":" + secret64, "unsigned:", "other:" + base64.StdEncoding.EncodeToString([]byte("another secret"))})
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// upgradeHeaders are those of an upgrade that is not signed yet.
func upgradeHeaders(key string) http.Header {
	return http.Header{
		OrganizationHeader: {organization}, SessionHeader: {session}, CorrelationHeader: {correlation}, KeyHeader: {key},
	}
}

// TestVendorsVector checks the one signature that the vendor has published. It
// is older than the protocol and covers host in the place of @authority.
func TestVendorsVector(t *testing.T) {
	t.Parallel()
	h := upgradeHeaders(apiKey)
	h.Set("Host", "audiohook.example.com")
	h.Set(inputHeader, `sig1=("@request-target" "host" "audiohook-organization-id" "audiohook-session-id" "audiohook-correlation-id" "x-api-key");`+
		`keyid="`+apiKey+`";nonce="VGhpc0lzQVVuaXF1ZU5vbmNl";alg="hmac-sha256";created=1641013200;expires=3282026430`)
	h.Set(signatureHeader, "sig1=:zupMJUMfd/kMuvKc5zhRyfJPE3jTROuz1S1hn8SCTpE=:")
	v := newVerifier(keys(t))
	places := []place{{target: "/api/v1/voicebiometrics/ws", authority: "audiohook.example.com"}}
	now := time.Unix(1641013202, 0)
	if err := v.verify(h, places, now); !errors.Is(err, errMalformed) {
		t.Errorf("a signature that does not cover @authority: %v", err)
	}
	v.required[1] = "host"
	if err := v.verify(h, places, now); err != nil {
		t.Errorf("the published signature: %v", err)
	}
	h.Set(OrganizationHeader, session)
	if err := v.verify(h, places, now); !errors.Is(err, errWrong) {
		t.Errorf("with another organization: %v", err)
	}
}

// signed writes a signature by hand, with the components and parameters that
// are given.
func signed(t *testing.T, secret []byte, components []string, parameters string) http.Header {
	t.Helper()
	h := upgradeHeaders(apiKey)
	var base strings.Builder
	for _, c := range components {
		value, ok := component(h, here, c)
		if !ok {
			value = "?"
		}
		fmt.Fprintf(&base, "%q: %s\n", c, value)
	}
	list := `("` + strings.Join(components, `" "`) + `")` + parameters
	fmt.Fprintf(&base, `"@signature-params": %s`, list)
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(base.String()))
	h.Set(inputHeader, "sig1="+list)
	h.Set(signatureHeader, "sig1=:"+base64.StdEncoding.EncodeToString(mac.Sum(nil))+":")
	return h
}

var here = place{target: "/ingest/audiohook?a=b", authority: "heed.example.com"}

func TestWhichSignaturesAreTaken(t *testing.T) {
	t.Parallel()
	secret, _ := base64.StdEncoding.DecodeString(secret64)
	now := time.Unix(1_800_000_000, 0)
	backwards := covered()
	for i, j := 0, len(backwards)-1; i < j; i, j = i+1, j-1 {
		backwards[i], backwards[j] = backwards[j], backwards[i]
	}
	parameters := func(created, expires int64) string {
		return fmt.Sprintf(`;keyid="%s";nonce="0123456789012345678901";alg="hmac-sha256";created=%d;expires=%d`, apiKey, now.Unix()+created, now.Unix()+expires)
	}
	for _, c := range []struct {
		name       string
		secret     []byte
		components []string
		parameters string
		change     func(http.Header)
		want       error
	}{
		{"as the client signs", secret, covered(), parameters(0, 10), nil, nil},
		{"components in another order", secret, backwards, parameters(0, 10), nil, nil},
		{"parameters in another order", secret, covered(), fmt.Sprintf(`;expires=%d;created=%d;nonce="0123456789012345678901";keyid="%s"`, now.Unix()+9, now.Unix(), apiKey), nil, nil},
		{"3 s ahead", secret, covered(), parameters(3, 10), nil, nil},
		{"4 s ahead", secret, covered(), parameters(4, 10), nil, errExpired},
		{"10 s old", secret, covered(), parameters(-10, 10), nil, nil},
		{"11 s old", secret, covered(), parameters(-11, 10), nil, errExpired},
		{"expired", secret, covered(), parameters(-5, 0), nil, errExpired},
		{"never created", secret, covered(), fmt.Sprintf(`;keyid="%s";nonce="0123456789012345678901"`, apiKey), nil, errMalformed},
		{"another algorithm", secret, covered(), strings.Replace(parameters(0, 10), "hmac-sha256", "ed25519", 1), nil, errMalformed},
		{"a short nonce", secret, covered(), strings.Replace(parameters(0, 10), "0123456789012345678901", "012345678901234567890", 1), nil, errMalformed},
		{"an unknown parameter", secret, covered(), parameters(0, 10) + `;tag="x"`, nil, errMalformed},
		{"another key's id", secret, covered(), strings.Replace(parameters(0, 10), apiKey, "other", 1), nil, errNoKey},
		{"another key's header", secret, covered(), parameters(0, 10), func(h http.Header) { h.Set(KeyHeader, "other") }, errNoKey},
		{"another secret", []byte("guess"), covered(), parameters(0, 10), nil, errWrong},
		{"the session is not covered", secret, append(covered()[:3:3], covered()[4:]...), parameters(0, 10), nil, errMalformed},
		{"something is covered that is not there", secret, append(covered(), "x-other"), parameters(0, 10), nil, errMalformed},
		{"something is covered twice", secret, append(covered(), "x-api-key"), parameters(0, 10), nil, errMalformed},
		{"a session that was changed", secret, covered(), parameters(0, 10), func(h http.Header) { h.Set(SessionHeader, organization) }, errWrong},
		{"not signed", secret, covered(), parameters(0, 10), func(h http.Header) { h.Del(inputHeader); h.Del(signatureHeader) }, errUnsigned},
		{"half signed", secret, covered(), parameters(0, 10), func(h http.Header) { h.Del(inputHeader) }, errMalformed},
		{"no bytes", secret, covered(), parameters(0, 10), func(h http.Header) { h.Set(signatureHeader, `sig1="x"`) }, errMalformed},
		{"of another label", secret, covered(), parameters(0, 10), func(h http.Header) { h.Set(signatureHeader, `sig2=:AAAA:`) }, errMalformed},
		{"no key at all", secret, covered(), parameters(0, 10), func(h http.Header) { h.Del(KeyHeader) }, errNoKey},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := signed(t, c.secret, c.components, c.parameters)
			if c.change != nil {
				c.change(h)
			}
			if err := newVerifier(keys(t)).verify(h, []place{here}, now); !errors.Is(err, c.want) {
				t.Errorf("%v, want %v", err, c.want)
			}
		})
	}
}

func TestKeysWithoutASecretComeUnsignedOnly(t *testing.T) {
	t.Parallel()
	v, now := newVerifier(keys(t)), time.Now()
	if err := v.verify(upgradeHeaders("unsigned"), nil, now); err != nil {
		t.Errorf("unsigned: %v", err)
	}
	for _, key := range []string{"unsigned", "nobody"} {
		h := upgradeHeaders(key)
		target := &url.URL{Scheme: "wss", Host: "heed.example.com", Path: MediaPath}
		if err := Sign(h, target, nil, now); err != nil {
			t.Fatal(err)
		}
		if err := v.verify(h, []place{placeOf(target)}, now); !errors.Is(err, errNoKey) {
			t.Errorf("%s with the signature of an empty secret: %v", key, err)
		}
	}
	if err := v.verify(upgradeHeaders("nobody"), nil, now); !errors.Is(err, errNoKey) {
		t.Errorf("a key that nobody has: %v", err)
	}
}

func TestSignatureIsTakenOnce(t *testing.T) {
	t.Parallel()
	v, now := newVerifier(keys(t)), time.Now()
	h := upgradeHeaders(apiKey)
	target := &url.URL{Scheme: "wss", Host: "Heed.example.com:443", Path: MediaPath, RawQuery: "a=b"}
	if err := Sign(h, target, v.keys[apiKey], now); err != nil {
		t.Fatal(err)
	}
	// Nobody can tell whether a proxy took TLS off: any of the places will do.
	places := []place{{MediaPath + "?a=b", "elsewhere"}, {MediaPath + "?a=b", "heed.example.com"}}
	if err := v.verify(h, places[:1], now); !errors.Is(err, errWrong) {
		t.Errorf("somewhere else: %v", err)
	}
	if err := v.verify(h, places, now); err != nil {
		t.Fatalf("first: %v", err)
	}
	for _, later := range []time.Duration{0, 5 * time.Second, 9 * time.Second} {
		if err := v.verify(h, places, now.Add(later)); !errors.Is(err, errReplayed) {
			t.Errorf("again after %v: %v", later, err)
		}
	}
}

func TestNoncesAreRememberedLongEnoughAndNotForever(t *testing.T) {
	t.Parallel()
	var n nonces
	now := time.Now()
	n.first("begin", now)
	for i := range 10 {
		at := now.Add(time.Duration(i) * nonceLife * 3 / 4)
		name := fmt.Sprint(i)
		if !n.first(name, at) || n.first(name, at.Add(nonceLife-time.Millisecond)) {
			t.Errorf("nonce %d was not remembered", i)
		}
	}
	if len(n.now)+len(n.past) > 4 {
		t.Errorf("%d are remembered", len(n.now)+len(n.past))
	}
	for i := range maxNonces + 1 {
		n.first(fmt.Sprintf("more %d", i), now.Add(time.Hour))
	}
	if len(n.now) != maxNonces || n.first("one more", now.Add(time.Hour)) {
		t.Errorf("%d are remembered at once", len(n.now))
	}
}

func TestKeysOfAFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keys")
	write := func(text string) {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("# Genesys\n\n" + apiKey + ":" + secret64 + "\n  unsigned:\n")
	got, err := ReadKeys(path)
	if err != nil || len(got) != 2 || string(got[apiKey]) != "MySuperSecretKeyTellNo-1!2@3#4$5" || got["unsigned"] == nil {
		t.Errorf("%q, %v", got, err)
	}
	for name, text := range map[string]string{
		"nothing": "#\n", "no secret's place": "abc", "no base64": "abc:**", "twice": "a:\na:", "no key": ":AAAA",
	} {
		write(text)
		if _, err := ReadKeys(path); err == nil || strings.Contains(err.Error(), "abc") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := ReadKeys(path + "no"); err == nil {
		t.Error("a file that is not there")
	}
}

// FuzzSignature: whatever the headers hold, nobody gets in without the secret.
func FuzzSignature(f *testing.F) {
	h := upgradeHeaders(apiKey)
	if err := Sign(h, &url.URL{Host: here.authority, Path: "/"}, []byte("x"), time.Now()); err != nil {
		f.Fatal(err)
	}
	f.Add(h.Get(inputHeader), h.Get(signatureHeader), apiKey)
	f.Add(`sig1=();keyid="a"`, `sig1=::`, "a")
	f.Add(`sig1=("a";sf "@status" 1);created=?1`, `sig1;a=1`, "unsigned")
	v := newVerifier(keys(f))
	f.Fuzz(func(t *testing.T, input, mac, key string) {
		h := upgradeHeaders(key)
		h.Set(inputHeader, input)
		h.Set(signatureHeader, mac)
		err := v.verify(h, []place{here}, time.Now())
		if err == nil && (key != "unsigned" || input != "" || mac != "") {
			t.Errorf("let in")
		}
	})
}
