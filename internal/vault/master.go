package vault

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/tink-crypto/tink-go/v2/aead/subtle"
)

// KeyBytes is the length of a master key and of a data key.
const KeyBytes = 32

// ErrMaster says that the master key is missing, malformed or another one.
var ErrMaster = errors.New("the master key does not fit")

// Source says where the master key is: in Text itself, else in File. A file
// that is not there is made when Make says so.
type Source struct {
	Text string
	File string
	Make bool
}

// Master wraps data keys. The first of its keys wraps; the others, if any,
// only unwrap what they wrapped before they were replaced.
type Master struct {
	keys []masterKey
	raw  [][]byte
}

type masterKey struct {
	id   []byte
	aead *subtle.AESGCM
}

// idBytes is the length of the name of a master key in front of what it wrapped.
const idBytes = 8

// ReadMaster reads the master key: base64 of 32 bytes, and behind it, after
// commas, spaces or line ends, the keys that it replaces.
func ReadMaster(s Source) (*Master, error) {
	text := s.Text
	if text == "" {
		raw, err := os.ReadFile(s.File)
		if errors.Is(err, fs.ErrNotExist) && s.Make {
			return makeMaster(s.File)
		}
		if err != nil {
			return nil, fmt.Errorf("read the master key: %w: %w", ErrMaster, err)
		}
		text = string(raw)
	}
	m, err := parseMaster(text)
	if err != nil && s.Text == "" {
		return nil, fmt.Errorf("%s: %w", s.File, err)
	}
	return m, err
}

func parseMaster(text string) (*Master, error) {
	m := &Master{}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(", \t\r\n", r) }) {
		raw, err := base64.StdEncoding.DecodeString(word)
		if err != nil || len(raw) != KeyBytes {
			return nil, fmt.Errorf("%w: want base64 of %d bytes, as \"openssl rand -base64 32\" gives", ErrMaster, KeyBytes)
		}
		if err := m.add(raw); err != nil {
			return nil, err
		}
	}
	if len(m.keys) == 0 {
		return nil, fmt.Errorf("%w: it is empty", ErrMaster)
	}
	return m, nil
}

func (m *Master) add(raw []byte) error {
	a, err := subtle.NewAESGCM(raw)
	if err != nil {
		return fmt.Errorf("master key: %w", err)
	}
	sum := sha256.Sum256(append([]byte("heed master key\x00"), raw...))
	m.keys = append(m.keys, masterKey{sum[:idBytes], a})
	m.raw = append(m.raw, raw)
	return nil
}

// makeMaster writes a new key into a file that only the owner may read.
func makeMaster(file string) (*Master, error) {
	m := &Master{}
	if err := m.add(random()); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
		return nil, fmt.Errorf("make the master key: %w", err)
	}
	return m, m.Save(file)
}

// Save writes the keys into a file, in place of what it held, durably.
func (m *Master) Save(file string) error {
	var b bytes.Buffer
	for _, raw := range m.raw {
		b.WriteString(base64.StdEncoding.EncodeToString(raw) + "\n")
	}
	next := file + ".new"
	f, err := os.OpenFile(next, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("write the master key: %w", err)
	}
	_, err = f.Write(b.Bytes())
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(next, file)
	}
	if err == nil {
		err = syncDir(filepath.Dir(file))
	}
	if err != nil {
		return fmt.Errorf("write the master key: %w", err)
	}
	return nil
}

func syncDir(name string) error {
	d, err := os.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// Replaced gives a master whose present key is new and that still opens what
// this one wrapped.
func (m *Master) Replaced() (*Master, error) {
	next := &Master{}
	for _, raw := range append([][]byte{random()}, m.raw...) {
		if err := next.add(raw); err != nil {
			return nil, err
		}
	}
	return next, nil
}

// Alone gives a master of the present key only.
func (m *Master) Alone() *Master { return &Master{m.keys[:1], m.raw[:1]} }

// Several says that older keys are there beside the present one.
func (m *Master) Several() bool { return len(m.keys) > 1 }

// Present says that something was wrapped by the present key.
func (m *Master) Present(wrapped []byte) bool { return bytes.HasPrefix(wrapped, m.keys[0].id) }

// Wrap seals a secret for the file of keys; what binds it to its name.
func (m *Master) Wrap(secret []byte, what string) ([]byte, error) {
	k := m.keys[0]
	sealed, err := k.aead.Encrypt(secret, []byte(what))
	if err != nil {
		return nil, fmt.Errorf("wrap a key: %w", err)
	}
	return append(bytes.Clone(k.id), sealed...), nil
}

// Unwrap opens what Wrap gave. [ErrMaster] when no key that is there wrapped it.
func (m *Master) Unwrap(wrapped []byte, what string) ([]byte, error) {
	for _, k := range m.keys {
		rest, ours := bytes.CutPrefix(wrapped, k.id)
		if !ours {
			continue
		}
		secret, err := k.aead.Decrypt(rest, []byte(what))
		if err != nil {
			return nil, fmt.Errorf("%w: a wrapped key is damaged", ErrMaster)
		}
		return secret, nil
	}
	return nil, fmt.Errorf("%w: a data key was wrapped by another one; set the one that this data folder was used with", ErrMaster)
}

// Rewrap wraps with the present key what Wrap once gave for a name.
func (m *Master) Rewrap(what string, wrapped []byte) ([]byte, error) {
	secret, err := m.Unwrap(wrapped, what)
	if err != nil {
		return nil, err
	}
	return m.Wrap(secret, what)
}

// KeyName is the name that a person's data key is wrapped under.
func KeyName(person string) string { return "heed key\x00" + person }

// SecretName is the name that a secret is wrapped under.
func SecretName(name string) string { return "heed secret\x00" + name }

// random makes a key.
func random() []byte {
	b := make([]byte, KeyBytes)
	_, _ = rand.Read(b) // never fails: crypto/rand aborts the process instead
	return b
}
