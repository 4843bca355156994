package main

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestOwnModel: a model that the list does not have is fetched, listed,
// chosen, and what is missing is said.
func TestOwnModel(t *testing.T) {
	t.Parallel()
	archive, err := os.ReadFile("../../internal/model/testdata/good.tar.bz2")
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(archive) }))
	defer server.Close()
	data := t.TempDir()
	sum := sha256.Sum256(archive)
	pull := []string{
		"model", "pull", "tiny-de", "--data", data, "--language", "de", "--bytes", strconv.Itoa(len(archive)),
		"--from", server.URL + "/m.tar.bz2", "--sha256",
	}
	heed(t, append(pull, "abc")...).want(t, 2, "64 hexadecimal digits")
	heed(t, append(pull, strings.Repeat("0", 64))...).want(t, 1, "checksum")
	heed(t, "model", "use", "tiny-de", "--data", data).want(t, 2, "no such model")
	heed(t, append(pull, hex.EncodeToString(sum[:]))...).want(t, 0)
	heed(t, "model", "use", "tiny-de", "--data", data).want(t, 0)
	heed(t, "model", "use", "giga-en", "--data", data).want(t, 2, "heed model pull giga-en")
	heed(t, "model", "use").want(t, 2, "one model")
	r := heed(t, "model", "list", "--data", data, "--models", "/none")
	r.want(t, 0)
	for _, want := range []string{"* tiny-de", filepath.Join(data, "models", "tiny-de"), "giga-en", "licence", "455f40e556aa2b20"} {
		if !strings.Contains(strings.Join(strings.Fields(r.out), " "), want) {
			t.Errorf("the list does not say %q:\n%s", want, r.out)
		}
	}
	if r := heed(t, "model", "list", "--json", "--data", data); !strings.Contains(r.out, `"in_use": true`) {
		t.Errorf("JSON:\n%s", r.out)
	}
	heed(t, "model", "list", "--data", data, "--speech-model", "nobody").want(t, 1, "no such model")
}
