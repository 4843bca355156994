package audiohook

import (
	"bufio"
	"encoding/base64"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"
)

// maxKey is the longest key, nonce or secret that is read, in bytes.
const maxKey = 512

// Keys are the secrets by the API key that the platform sends. A key whose
// secret has no bytes comes unsigned.
type Keys map[string][]byte

// ParseKeys reads entries of the form KEY:SECRET, the secret in base64 or
// empty. The error names the entry by its number, never by what is in it.
func ParseKeys(entries []string) (Keys, error) {
	keys := Keys{}
	for i, entry := range entries {
		id, secret, ok := strings.Cut(strings.TrimSpace(entry), ":")
		if !ok || id == "" || len(entry) > 2*maxKey || strings.ContainsAny(id, " \t\"\\") {
			return nil, fmt.Errorf("key %d: it must be KEY:SECRET, or KEY: for one that comes unsigned", i+1)
		}
		raw, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(strings.TrimSpace(secret), "="))
		if err != nil {
			return nil, fmt.Errorf("key %d: its secret is no base64", i+1)
		}
		if _, twice := keys[id]; twice {
			return nil, fmt.Errorf("key %d was given before", i+1)
		}
		keys[id] = raw
	}
	return keys, nil
}

// ReadKeys reads a file with one entry of [ParseKeys] a line. Empty lines and
// those that begin with # are passed over.
func ReadKeys(path string) (Keys, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("file of keys: %w", err)
	}
	defer f.Close() //nolint:errcheck // it was only read
	var entries []string
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if line := strings.TrimSpace(lines.Text()); line != "" && line[0] != '#' {
			entries = append(entries, line)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("file of keys: %w", err)
	}
	keys, err := ParseKeys(entries)
	if err == nil && len(keys) == 0 {
		err = errors.New("there is none in it")
	}
	if err != nil {
		return nil, fmt.Errorf("file of keys: %w", err)
	}
	return keys, nil
}

const (
	// nonceLife is how long a signature may be used: its age, and how far
	// ahead the other clock may be.
	nonceLife = maxAge + maxAhead
	// maxNonces bounds each of the two generations. Only who holds a secret
	// gets one in.
	maxNonces = 1 << 16
)

// nonces remembers those of accepted signatures for as long as these could be
// used again: in two generations, so that forgetting costs nothing.
type nonces struct {
	mu        sync.Mutex
	now, past map[string]struct{}
	since     time.Time // when the generation of now began
}

// first says that a nonce has not been used, and remembers it. When there is
// no room it says no: a sender of so many is none that should come in.
func (n *nonces) first(nonce string, at time.Time) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	switch age := at.Sub(n.since); {
	case age >= 2*nonceLife || n.now == nil:
		n.now, n.past, n.since = map[string]struct{}{}, nil, at
	case age >= nonceLife:
		n.now, n.past, n.since = map[string]struct{}{}, n.now, at
	}
	_, now := n.now[nonce]
	_, past := n.past[nonce]
	if now || past || len(n.now) >= maxNonces {
		return false
	}
	n.now[nonce] = struct{}{}
	return true
}
