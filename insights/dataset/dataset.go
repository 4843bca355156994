// Package dataset reads the files of labelled data sets, for whoever trains or
// measures. It knows no set: what stands in a file is the reader's to say.
package dataset

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"unicode"
)

// Unpack takes gzip off, known by its first two bytes; anything else passes
// as it is.
func Unpack(r io.Reader) (io.Reader, error) {
	b := bufio.NewReader(r)
	head, err := b.Peek(2)
	if err != nil || head[0] != 0x1f || head[1] != 0x8b {
		return b, nil //nolint:nilerr // a file of one byte, or what fails now fails again when it is read
	}
	return unzip(b)
}

func unzip(r io.Reader) (io.Reader, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, fmt.Errorf("gzip: %w", err)
	}
	return z, nil
}

// Read gives use a file of a folder, unpacked, and closes it. What is named .gz
// must be packed. An error of use comes back with the file's name.
func Read(folder fs.FS, name string, use func(io.Reader) error) error {
	f, err := folder.Open(name)
	if err != nil {
		return fmt.Errorf("data set: %w", err)
	}
	defer func() { _ = f.Close() }() // read only
	open := Unpack
	if strings.HasSuffix(name, ".gz") {
		open = unzip
	}
	r, err := open(f)
	if err == nil {
		err = use(r)
	}
	if err != nil {
		return fmt.Errorf("data set %s: %w", name, err)
	}
	return nil
}

// ReadFile gives a file of a folder whole, unpacked.
func ReadFile(folder fs.FS, name string) (data []byte, err error) {
	err = Read(folder, name, func(r io.Reader) error {
		data, err = io.ReadAll(r)
		return err
	})
	return data, err
}

// Words writes a label as words: "CheckAccountBalance" and
// "check_account_balance" are "check account balance".
func Words(label string) string {
	var b strings.Builder
	var before rune
	for _, r := range label {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			r = ' '
		case unicode.IsUpper(r) && unicode.IsLower(before):
			b.WriteByte(' ')
		}
		b.WriteRune(unicode.ToLower(r))
		before = r
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
