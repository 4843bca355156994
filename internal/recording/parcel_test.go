package recording

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

const parcelID = "0198c0de-0000-7000-8000-00000000ca11"

func parcel(t testing.TB, o Options, content []byte) {
	t.Helper()
	p, err := CreateParcel(o, parcelID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(p, iotest.HalfReader(bytes.NewReader(content))); err != nil {
		t.Fatal(err)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
}

func unpack(t testing.TB, o Options) ([]byte, error) {
	t.Helper()
	r, err := OpenParcel(o, parcelID)
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	return io.ReadAll(r)
}

func TestAParcelGivesBackWhatItTook(t *testing.T) {
	o := Options{Dir: t.TempDir(), Key: bytes.Repeat([]byte{7}, KeyBytes)}
	rapid.Check(t, func(rt *rapid.T) {
		content := make([]byte, rapid.SampledFrom([]int{0, 1, 100, parcelPiece - 1, parcelPiece, parcelPiece + 1, 3*parcelPiece + 5}).Draw(rt, "size"))
		for i := range content {
			content[i] = byte(rand.IntN(256))
		}
		parcel(t, o, content)
		if got, err := unpack(t, o); err != nil || !bytes.Equal(got, content) {
			rt.Fatalf("%d bytes came back as %d, %v", len(content), len(got), err)
		}
	})
}

func TestAParcelIsSealedAndMustBeWhole(t *testing.T) {
	o := Options{Dir: t.TempDir(), Key: bytes.Repeat([]byte{7}, KeyBytes)}
	secret := bytes.Repeat([]byte("my card is 4111 1111 1111 1111. "), 5000)
	parcel(t, o, secret)
	name := filepath.Join(o.Dir, "incoming", parcelID+".parcel")
	raw, err := os.ReadFile(name)
	if err != nil || bytes.Contains(raw, secret[:16]) {
		t.Fatalf("it can be read on the disk: %v", err)
	}
	if _, err := unpack(t, Options{Dir: o.Dir, Key: bytes.Repeat([]byte{8}, KeyBytes)}); !errors.Is(err, ErrKey) {
		t.Errorf("with another key: %v", err)
	}
	flipped := bytes.Clone(raw)
	flipped[len(flipped)/2] ^= 1
	for what, spoilt := range map[string][]byte{
		"cut in the end": raw[:len(raw)-1], "cut": raw[:len(raw)/2], "without its end": raw[:len(raw)-lengthSize-sealCost-1],
		"flipped": flipped, "empty": nil, "only a header": raw[:headerSize],
	} {
		if err := os.WriteFile(name, spoilt, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := unpack(t, o); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v", what, err)
		}
	}
}

func TestParcelsAreListedAndDestroyed(t *testing.T) {
	o := Options{Dir: t.TempDir(), Key: bytes.Repeat([]byte{7}, KeyBytes)}
	if ids, err := Parcels(o.Dir); err != nil || len(ids) > 0 {
		t.Errorf("%v, %v", ids, err)
	}
	parcel(t, o, []byte("words"))
	if ids, err := Parcels(o.Dir); err != nil || len(ids) != 1 || ids[0] != parcelID {
		t.Errorf("%v, %v", ids, err)
	}
	for range 2 {
		if err := DestroyParcel(o.Dir, parcelID); err != nil {
			t.Error(err)
		}
	}
	if _, err := unpack(t, o); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a destroyed parcel: %v", err)
	}
	if _, err := CreateParcel(o, "../x"); !errors.Is(err, ErrID) {
		t.Errorf("a path as an id: %v", err)
	}
}

// FuzzParcel holds that no file makes the reader fail otherwise than by saying so.
func FuzzParcel(f *testing.F) {
	o := Options{Dir: f.TempDir(), Key: bytes.Repeat([]byte{7}, KeyBytes)}
	name := filepath.Join(o.Dir, "incoming", parcelID+".parcel")
	parcel(f, o, []byte("some bytes"))
	raw, err := os.ReadFile(name)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	f.Add(raw[:headerSize])
	f.Fuzz(func(t *testing.T, b []byte) {
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
		got, err := unpack(t, o)
		if err == nil && string(got) != "some bytes" {
			t.Errorf("it gave %q", got)
		}
	})
}
