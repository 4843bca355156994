package onnx

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// What the tokenizer stops at: longer words are unknown, longer texts are cut.
const (
	maxWordRunes = 100
	maxPieces    = 128 // with the marks at both ends
)

// wordPiece cuts texts into the pieces of a vocabulary, as BERT does: words are
// parted at spaces and punctuation, and each is the longest pieces that there
// are, those inside a word being marked with "##".
type wordPiece struct {
	ids              map[string]int64
	cls, sep, unk    int64
	keepCase         bool
	longestPieceSize int
}

// readVocabulary reads a piece a line; its id is the number of the line.
func readVocabulary(r io.Reader, keepCase bool) (*wordPiece, error) {
	w := &wordPiece{ids: map[string]int64{}, keepCase: keepCase}
	lines := bufio.NewScanner(r)
	for n := int64(0); lines.Scan(); n++ {
		piece := strings.TrimRight(lines.Text(), "\r ")
		if piece == "" || !utf8.ValidString(piece) {
			return nil, fmt.Errorf("line %d: want a piece of text", n+1)
		}
		if _, twice := w.ids[piece]; twice {
			return nil, fmt.Errorf("line %d: %q is there twice", n+1, piece)
		}
		w.ids[piece] = n
		w.longestPieceSize = max(w.longestPieceSize, len(piece))
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	for piece, id := range map[string]*int64{"[CLS]": &w.cls, "[SEP]": &w.sep, "[UNK]": &w.unk} {
		at, ok := w.ids[piece]
		if !ok {
			return nil, errors.New("no line says " + piece)
		}
		*id = at
	}
	return w, nil
}

// pieces gives the ids of a text between the marks of its beginning and end.
func (w *wordPiece) pieces(text string) []int64 {
	ids := []int64{w.cls}
	for _, word := range w.words(text) {
		ids = append(ids, w.cut(word)...)
		if len(ids) >= maxPieces {
			ids = ids[:maxPieces-1]
			break
		}
	}
	return append(ids, w.sep)
}

// cut gives the pieces of a word, or that it is unknown.
func (w *wordPiece) cut(word string) []int64 {
	if utf8.RuneCountInString(word) > maxWordRunes {
		return []int64{w.unk}
	}
	var ids []int64
	for from := 0; from < len(word); {
		id, size := w.longest(word[from:], from > 0)
		if size == 0 {
			return []int64{w.unk}
		}
		ids = append(ids, id)
		from += size
	}
	return ids
}

// longest gives the longest piece that the rest of a word begins with, and its
// size in bytes: 0 when there is none.
func (w *wordPiece) longest(rest string, inside bool) (id int64, size int) {
	mark := ""
	if inside {
		mark = "##"
	}
	for size = min(len(rest), w.longestPieceSize); size > 0; size-- {
		if size < len(rest) && !utf8.RuneStart(rest[size]) {
			continue
		}
		if id, ok := w.ids[mark+rest[:size]]; ok {
			return id, size
		}
	}
	return 0, 0
}

// words parts a text at spaces and around punctuation and ideographs. Unless
// case is kept, letters are small and lose their accents.
func (w *wordPiece) words(text string) []string {
	if !w.keepCase {
		text = norm.NFD.String(strings.ToLower(text))
	}
	var out []string
	var word strings.Builder
	end := func() {
		if word.Len() > 0 {
			out = append(out, word.String())
			word.Reset()
		}
	}
	for _, r := range text {
		if len(out) >= maxPieces {
			return out
		}
		switch {
		case unicode.IsSpace(r):
			end()
		case w.ignored(r):
		case alone(r):
			end()
			out = append(out, string(r))
		default:
			word.WriteRune(r)
		}
	}
	end()
	return out
}

// ignored says that a rune leaves no trace: what cannot be seen, and accents
// unless case is kept.
func (w *wordPiece) ignored(r rune) bool {
	return r == utf8.RuneError || unicode.In(r, unicode.Cc, unicode.Cf) || !w.keepCase && unicode.Is(unicode.Mn, r)
}

// alone says that a rune is a word of its own.
func alone(r rune) bool {
	return unicode.IsPunct(r) || unicode.Is(unicode.Han, r) || r < utf8.RuneSelf && unicode.IsSymbol(r)
}
