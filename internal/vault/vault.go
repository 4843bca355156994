package vault

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/tink-crypto/tink-go/v2/aead/subtle"
)

var (
	// ErrErased says that a person's key was destroyed: nothing of theirs can
	// be read or written any more.
	ErrErased = errors.New("erased")
	// ErrSealed says that something does not open: it is damaged, or was moved
	// from where it was sealed.
	ErrSealed = errors.New("a sealed document does not open: it is damaged or was moved")
)

// Kept is a stored data key. A person without one has the zero value.
type Kept struct {
	Wrapped []byte
	Erased  bool
}

// NewKey is a data key to be stored.
type NewKey struct {
	Person  string
	Wrapped []byte
}

// keys is the durable file of wrapped keys.
type keys interface {
	Key(person string) (Kept, error)
	// AddKeys returns when they are on the disk.
	AddKeys(made []NewKey) error
	// DestroyKeys leaves a mark that the person is erased, and returns when
	// no byte of the key is left in the file.
	DestroyKeys(people []string) error
	// Secret gives a wrapped secret by name, the one offered if there is none.
	Secret(name string, offered func() ([]byte, error)) ([]byte, error)
}

// opened is how many data keys are held open at most.
const opened = 4096

// Vault seals and opens. It is safe for concurrent use.
type Vault struct {
	master *Master
	keys   keys
	salt   []byte

	mu    sync.Mutex
	cache *lru.Cache[string, *subtle.AESGCM] // nil: erased
	fresh map[string]fresh                   // not durable yet
}

type fresh struct {
	aead    *subtle.AESGCM
	wrapped []byte
}

// saltName names the secret of suppression marks. That it unwraps proves the
// master key.
const saltName = "suppression"

// New makes a vault, with [ErrMaster] when the master key is not the one that
// the keys were wrapped by.
func New(m *Master, k keys) (*Vault, error) {
	cache, err := lru.New[string, *subtle.AESGCM](opened)
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	v := &Vault{master: m, keys: k, cache: cache, fresh: make(map[string]fresh)}
	wrapped, err := k.Secret(saltName, func() ([]byte, error) { return m.Wrap(random(), SecretName(saltName)) })
	if err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	if v.salt, err = m.Unwrap(wrapped, SecretName(saltName)); err != nil {
		return nil, fmt.Errorf("vault: %w", err)
	}
	return v, nil
}

func boundTo(person, p string) []byte { return []byte("heed\x00" + person + "\x00" + p) }

// mark begins everything sealed. No JSON begins so.
const mark = "s1."

// boxes writes what was sealed as text, in one way only.
var boxes = base64.RawURLEncoding.Strict()

// Sealed says that a text is a sealed one.
func Sealed(text string) bool { return strings.HasPrefix(text, mark) }

// Person gives whose key a sealed text was sealed with, "" for any other text.
func Person(sealed string) string {
	person, _, _ := split(sealed)
	return person
}

// Nothing is a sealed text without content, for a person who was erased.
func Nothing(person string) string { return mark + person + "." }

func split(sealed string) (person, box string, ok bool) {
	box, ok = strings.CutPrefix(sealed, mark)
	// Forward to the last dot: the box is long, and is looked through at once.
	end := len(mark) - 1
	for at := strings.IndexByte(box, '.'); at >= 0; at = strings.IndexByte(box, '.') {
		end, box = end+at+1, box[at+1:]
	}
	if !ok || end <= len(mark) {
		return "", "", false
	}
	return sealed[len(mark):end], box, true
}

// Seal seals a document of a person for a place; it opens for that place
// alone. A key that is new is durable after Flush only. [ErrErased] for a
// person who was erased.
func (v *Vault) Seal(person, place string, plain []byte) (string, error) {
	box, err := v.Encrypt(person, place, plain)
	if err != nil {
		return "", err
	}
	b := make([]byte, 0, len(mark)+len(person)+1+boxes.EncodedLen(len(box)))
	b = append(append(append(b, mark...), person...), '.')
	return string(boxes.AppendEncode(b, box)), nil
}

// Open opens what Seal gave.
func (v *Vault) Open(sealed, place string) ([]byte, error) {
	person, text, ok := split(sealed)
	if !ok {
		return nil, ErrSealed
	}
	box, err := boxes.DecodeString(text)
	if err != nil {
		return nil, ErrSealed
	}
	return v.Decrypt(person, place, box)
}

// Encrypt is Seal for those who keep the person's id themselves.
func (v *Vault) Encrypt(person, place string, plain []byte) ([]byte, error) {
	if person == "" {
		return nil, errors.New("seal: no person")
	}
	a, err := v.key(person, true)
	if err != nil {
		return nil, err
	}
	box, err := a.Encrypt(plain, boundTo(person, place))
	if err != nil {
		return nil, fmt.Errorf("seal: %w", err)
	}
	return box, nil
}

// Decrypt opens what Encrypt gave.
func (v *Vault) Decrypt(person, place string, box []byte) ([]byte, error) {
	a, err := v.key(person, false)
	if err != nil {
		return nil, err
	}
	plain, err := a.Decrypt(box, boundTo(person, place))
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}

// key gives a person's key, a new one when wanted.
func (v *Vault) key(person string, create bool) (*subtle.AESGCM, error) {
	if a, ok := v.cache.Get(person); ok {
		return alive(a)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if f, ok := v.fresh[person]; ok {
		return f.aead, nil
	}
	kept, err := v.keys.Key(person)
	switch {
	case err != nil:
		return nil, fmt.Errorf("data key: %w", err)
	case kept.Erased:
		v.cache.Add(person, nil)
		return nil, ErrErased
	case kept.Wrapped == nil && !create:
		// Its key is in no file that is here, so nobody can read it: as after
		// a restore without the keys that were made since.
		return nil, ErrErased
	case kept.Wrapped == nil:
		return v.make(person)
	}
	secret, err := v.master.Unwrap(kept.Wrapped, KeyName(person))
	if err != nil {
		return nil, err
	}
	a, err := subtle.NewAESGCM(secret)
	if err != nil {
		return nil, fmt.Errorf("data key: %w", err)
	}
	v.cache.Add(person, a)
	return a, nil
}

func alive(a *subtle.AESGCM) (*subtle.AESGCM, error) {
	if a == nil {
		return nil, ErrErased
	}
	return a, nil
}

func (v *Vault) make(person string) (*subtle.AESGCM, error) {
	secret := random()
	a, err := subtle.NewAESGCM(secret)
	if err != nil {
		return nil, fmt.Errorf("data key: %w", err)
	}
	wrapped, err := v.master.Wrap(secret, KeyName(person))
	if err != nil {
		return nil, err
	}
	v.fresh[person] = fresh{a, wrapped}
	return a, nil
}

// Flush makes new keys durable. Call it before committing what was sealed.
func (v *Vault) Flush() error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if len(v.fresh) == 0 {
		return nil
	}
	made := make([]NewKey, 0, len(v.fresh))
	for person, f := range v.fresh {
		made = append(made, NewKey{person, f.wrapped})
	}
	if err := v.keys.AddKeys(made); err != nil {
		return fmt.Errorf("keep new data keys: %w", err)
	}
	for person, f := range v.fresh {
		v.cache.Add(person, f.aead)
	}
	clear(v.fresh)
	return nil
}

// Destroy destroys the keys of people for good. It returns when that is
// durable; doing it twice is fine.
func (v *Vault) Destroy(people []string) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := v.keys.DestroyKeys(people); err != nil {
		return fmt.Errorf("destroy data keys: %w", err)
	}
	for _, person := range people {
		delete(v.fresh, person)
		v.cache.Add(person, nil)
	}
	return nil
}

// Erased says whether a person's key was destroyed.
func (v *Vault) Erased(person string) (bool, error) {
	kept, err := v.keys.Key(person)
	return kept.Erased, err
}

// Mark gives the suppression mark of an identifier in its normal form: it can
// be compared, and not be traced back without this installation's secret.
func (v *Vault) Mark(typ, value string) []byte {
	h := hmac.New(sha256.New, v.salt)
	h.Write([]byte(typ + "\x00" + value))
	return h.Sum(nil)
}
