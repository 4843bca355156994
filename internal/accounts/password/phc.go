// Package password turns passwords into what they are checked against, by
// argon2id, and says which passwords are too easy to guess.
//
// It stores nothing and knows no users. Work is bounded: no more hashes are
// computed at once than there is memory for, and who would wait too long is
// refused.
package password

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/crypto/argon2"
)

// Cost is what one hash takes.
type Cost struct {
	Memory  uint32 // KiB
	Time    uint32 // passes
	Threads uint8
}

// Usual is what the OWASP Password Storage Cheat Sheet asks for at least:
// 19 MiB, two passes, one thread.
func Usual() Cost { return Cost{Memory: 19 << 10, Time: 2, Threads: 1} }

// The bounds of what is read: a hash from the tables must not take the memory
// of the machine.
const (
	mostMemory  = 256 << 10 // KiB
	mostTime    = 16
	mostThreads = 16
	saltBytes   = 16
	sumBytes    = 32
	longestPHC  = 256
)

// ErrFormat says that a text is no argon2id hash in PHC form within the bounds.
var ErrFormat = errors.New("not an argon2id hash in PHC form")

// hash is what a PHC string holds.
type hash struct {
	Cost
	salt, sum []byte
}

// String gives the PHC form.
func (h hash) String() string {
	b := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.Memory, h.Time, h.Threads, b.EncodeToString(h.salt), b.EncodeToString(h.sum))
}

func (h hash) of(password string) []byte {
	return argon2.IDKey([]byte(password), h.salt, h.Time, h.Memory, h.Threads, uint32(len(h.sum))) //nolint:gosec // parse bounds it
}

func (h hash) matches(password string) bool {
	return subtle.ConstantTimeCompare(h.of(password), h.sum) == 1
}

// make hashes a password with a salt of its own.
func (c Cost) make(password string) hash {
	h := hash{Cost: c, salt: make([]byte, saltBytes), sum: make([]byte, sumBytes)}
	_, _ = rand.Read(h.salt) // never fails: crypto/rand aborts the process instead
	h.sum = h.of(password)
	return h
}

// parse reads the PHC form: $argon2id$v=19$m=19456,t=2,p=1$SALT$SUM.
func parse(text string) (hash, error) {
	if len(text) > longestPHC {
		return hash{}, fmt.Errorf("%w: %d bytes", ErrFormat, len(text))
	}
	part := strings.Split(text, "$")
	if len(part) != 6 || part[0] != "" || part[1] != "argon2id" || part[2] != "v="+strconv.Itoa(argon2.Version) {
		return hash{}, ErrFormat
	}
	cost, err := costOf(part[3])
	if err != nil {
		return hash{}, err
	}
	salt, err1 := base64.RawStdEncoding.Strict().DecodeString(part[4])
	sum, err2 := base64.RawStdEncoding.Strict().DecodeString(part[5])
	if err := errors.Join(err1, err2); err != nil {
		return hash{}, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if len(salt) < 8 || len(salt) > 64 || len(sum) < 16 || len(sum) > 64 {
		return hash{}, ErrFormat
	}
	return hash{Cost: cost, salt: salt, sum: sum}, nil
}

// costOf reads m=19456,t=2,p=1.
func costOf(text string) (Cost, error) {
	part := strings.Split(text, ",")
	if len(part) != 3 {
		return Cost{}, ErrFormat
	}
	memory, err1 := number(part[0], "m=", 8, mostMemory)
	passes, err2 := number(part[1], "t=", 1, mostTime)
	threads, err3 := number(part[2], "p=", 1, mostThreads)
	if err := errors.Join(err1, err2, err3); err != nil {
		return Cost{}, fmt.Errorf("%w: %w", ErrFormat, err)
	}
	if memory < 8*threads {
		return Cost{}, ErrFormat
	}
	return Cost{Memory: memory, Time: passes, Threads: uint8(threads)}, nil
}

// number reads one of the costs, written as PHC demands: no sign, no zero in
// front.
func number(text, name string, least, most uint32) (uint32, error) {
	digits, ok := strings.CutPrefix(text, name)
	n, err := strconv.ParseUint(digits, 10, 32)
	if !ok || err != nil || strconv.FormatUint(n, 10) != digits || uint32(n) < least || uint32(n) > most {
		return 0, fmt.Errorf("%s is not between %d and %d", name, least, most)
	}
	return uint32(n), nil
}
