// Package sealed carries what the server must know again through the browser,
// in a text that nobody else can read, change, use for another purpose, use
// late or use twice.
//
// The key lives as long as the process: a sign-in that is under way when the
// server restarts is begun again.
package sealed

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
)

// ErrSeal says that a text was not sealed here for this, is too old, or was
// used before.
var ErrSeal = errors.New("not sealed here, too old, or used before")

// used bounds how many opened seals are remembered.
const used = 20_000

// longest bounds a text that is opened, in bytes.
const longest = 8 << 10

// Box seals and opens. It is safe for concurrent use.
type Box struct {
	aead cipher.AEAD
	now  func() time.Time
	used *lru.Cache[[sha256.Size]byte, struct{}]
}

// New makes a box with a key of its own.
func New(now func() time.Time) *Box {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails: crypto/rand aborts the process instead
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // only for a key of another length
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err) // only for a block of another size
	}
	seen, err := lru.New[[sha256.Size]byte, struct{}](used)
	if err != nil {
		panic(err) // only for a size below one
	}
	return &Box{aead: aead, now: now, used: seen}
}

type content struct {
	Until time.Time       `json:"until"`
	Value json.RawMessage `json:"value"`
}

// Seal gives the text that holds a value, for a purpose and so long.
func (b *Box) Seal(purpose string, value any, life time.Duration) (string, error) {
	raw, err := json.Marshal(value)
	if err != nil {
		return "", fmt.Errorf("seal %s: %w", purpose, err)
	}
	whole, err := json.Marshal(content{Until: b.now().Add(life), Value: raw})
	if err != nil {
		return "", fmt.Errorf("seal %s: %w", purpose, err)
	}
	return base64.RawURLEncoding.EncodeToString(b.aead.Seal(nil, nil, whole, []byte(purpose))), nil
}

// Open reads what Seal gave into a value, once; else it is [ErrSeal].
func (b *Box) Open(purpose, text string, into any) error {
	if len(text) > longest {
		return ErrSeal
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return ErrSeal
	}
	whole, err := b.aead.Open(nil, nil, raw, []byte(purpose))
	if err != nil {
		return ErrSeal
	}
	var c content
	if err := json.Unmarshal(whole, &c); err != nil || !b.now().Before(c.Until) {
		return ErrSeal
	}
	if before, _ := b.used.ContainsOrAdd(sha256.Sum256(raw), struct{}{}); before {
		return ErrSeal
	}
	if err := json.Unmarshal(c.Value, into); err != nil {
		return fmt.Errorf("open %s: %w", purpose, err)
	}
	return nil
}
