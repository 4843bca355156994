package recording_test

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"heed/internal/recording"
)

// box seals under one key and binds to person and place, as a vault does.
type box struct{ gcm cipher.AEAD }

func newBox(t *testing.T) box {
	t.Helper()
	block, err := aes.NewCipher(bytes.Repeat([]byte{7}, 32))
	if err != nil {
		t.Fatal(err)
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		t.Fatal(err)
	}
	return box{gcm}
}

func (b box) Encrypt(person, place string, plain []byte) ([]byte, error) {
	nonce := make([]byte, b.gcm.NonceSize())
	_, _ = rand.Read(nonce)
	return b.gcm.Seal(nonce, nonce, plain, []byte(person+"\x00"+place)), nil
}

func (b box) Decrypt(person, place string, sealed []byte) ([]byte, error) {
	n := b.gcm.NonceSize()
	return b.gcm.Open(nil, sealed[:n], sealed[n:], []byte(person+"\x00"+place))
}

func (box) Flush() error { return nil }

const segment = 32 << 10

func callNumber(n int) string { return fmt.Sprintf("00000000-0000-7000-8000-%012d", n) }

// keep writes a plain recording of a call, seals it, and gives its folder and
// the sealed file.
func keep(t testing.TB, dir, callID string, plain []byte, b box) (file string) {
	t.Helper()
	folder := filepath.Join(dir, "recordings")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, callID+".wav"), plain, 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 { // twice is fine
		if err := recording.Seal(dir, callID, "anna", b); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(filepath.Join(folder, callID+".wav")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the plain file is there still: %v", err)
	}
	return filepath.Join(folder, callID+".sealed")
}

// A call that turned out to be another person's is put under their key, once.
func TestSealedUnderAnotherKey(t *testing.T) {
	dir, b := t.TempDir(), newBox(t)
	plain := make([]byte, 2*segment+5)
	_, _ = rand.Read(plain)
	file := keep(t, dir, callNumber(1), plain, b)
	for range 2 {
		if err := recording.Seal(dir, callNumber(1), "bert", b); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := os.ReadFile(file)
	if err != nil || bytes.Contains(raw[:64], []byte("anna")) || !bytes.Contains(raw[:64], []byte("bert")) {
		t.Errorf("whose it is: %q %v", raw[:64], err)
	}
	p, err := recording.Open(dir, callNumber(1), b)
	if err != nil {
		t.Fatal(err)
	}
	if err := iotest.TestReader(p, plain); err != nil {
		t.Error(err)
	}
	if err := p.Close(); err != nil {
		t.Error(err)
	}
}

// A sealed recording reads as the plain one from any place, as a player seeks.
func TestSealedReadsAsThePlainOne(t *testing.T) {
	dir, b := t.TempDir(), newBox(t)
	for i, size := range []int{0, 1, segment - 1, segment, segment + 1, 3*segment + 17} {
		plain := make([]byte, size)
		_, _ = rand.Read(plain)
		id := callNumber(i)
		keep(t, dir, id, plain, b)
		p, err := recording.Open(dir, id, b)
		if err != nil {
			t.Fatal(err)
		}
		if p.Size != int64(size) {
			t.Errorf("%d bytes: it says %d", size, p.Size)
		}
		if err := iotest.TestReader(p, plain); err != nil {
			t.Errorf("%d bytes: %v", size, err)
		}
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
	plain := make([]byte, 4*segment)
	_, _ = rand.Read(plain)
	keep(t, dir, callNumber(90), plain, b)
	p, err := recording.Open(dir, callNumber(90), b)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.IntRange(0, len(plain)).Draw(t, "from")
		n := rapid.IntRange(0, len(plain)-at).Draw(t, "length")
		got := make([]byte, n)
		if _, err := p.Seek(int64(at), io.SeekStart); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(p, got); err != nil || !bytes.Equal(got, plain[at:at+n]) {
			t.Fatalf("from %d, %d bytes: %v", at, n, err)
		}
	})
}

// What was sealed shows no byte of the recording, and none can be moved, left
// out or taken from another call.
func TestSealedCannotBeChanged(t *testing.T) {
	dir, b := t.TempDir(), newBox(t)
	plain := bytes.Repeat([]byte("the same words "), 3*segment/15)
	file := keep(t, dir, callNumber(91), plain, b)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(whole, []byte("same words")) {
		t.Error("the words can be read in the file")
	}
	head := len(whole) - len(plain) - 28*((len(plain)+segment-1)/segment)
	first, second := whole[head:head+segment+28], whole[head+segment+28:head+2*(segment+28)]
	for name, changed := range map[string][]byte{
		"one bit":   append(append(bytes.Clone(whole[:head+99]), whole[head+99]^1), whole[head+100:]...),
		"exchanged": append(append(append(bytes.Clone(whole[:head]), second...), first...), whole[head+2*(segment+28):]...),
		"cut off":   whole[:len(whole)-segment],
		"no header": whole[head:],
		"empty":     nil,
	} {
		if err := os.WriteFile(file, changed, 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := readAll(dir, callNumber(91), b); err == nil {
			t.Errorf("%s: it reads, %d bytes", name, len(got))
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "recordings", callNumber(92)+".sealed"), whole, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := readAll(dir, callNumber(92), b); err == nil {
		t.Error("it reads as the recording of another call")
	}
}

func readAll(dir, callID string, b box) ([]byte, error) {
	p, err := recording.Open(dir, callID, b)
	if err != nil {
		return nil, err
	}
	got, err := io.ReadAll(p)
	return got, errors.Join(err, p.Close())
}
