package sherpa

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"google.golang.org/protobuf/encoding/protowire"
	"pgregory.net/rapid"
)

const tokensText = "<blk> 0\n<unk> 1\n▁CAN 2\nCEL 3\n▁C 4\nA 5\nN 6\nC 7\nE 8\nL 9\n▁MY 10\n' 11\n▁ 12\n"

const vocabText = "<blk>\t0\n▁CAN\t-3\nCEL\t-4\n▁C\t-3.5\nA\t-5\nN\t-5\nC\t-5\nE\t-4\nL\t-4\n▁MY\t-2\n'\t-6\n▁\t-7\nALIEN\t-1\n"

// table writes a folder with tokens.txt and one table of pieces.
func table(t testing.TB, name, content string) (path, tokens string) {
	t.Helper()
	dir := t.TempDir()
	path, tokens = filepath.Join(dir, name), filepath.Join(dir, "tokens.txt")
	for file, text := range map[string]string{path: content, tokens: tokensText} {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return path, tokens
}

// pieceModel writes vocabText as SentencePiece does.
func pieceModel() string {
	var model []byte
	for line := range strings.Lines(vocabText) {
		piece, _, _ := strings.Cut(line, "\t")
		score := map[string]float32{"▁CAN": -3, "CEL": -4, "▁C": -3.5, "A": -5, "N": -5, "C": -5, "E": -4, "L": -4, "▁MY": -2, "'": -6, "▁": -7}[piece]
		p := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), piece)
		p = protowire.AppendFixed32(protowire.AppendTag(p, 2, protowire.Fixed32Type), math.Float32bits(score))
		p = protowire.AppendVarint(protowire.AppendTag(p, 3, protowire.VarintType), 1)
		model = protowire.AppendBytes(protowire.AppendTag(model, 1, protowire.BytesType), p)
	}
	return string(protowire.AppendString(protowire.AppendTag(model, 2, protowire.BytesType), "trainer"))
}

func TestPhrasesBecomePieces(t *testing.T) {
	for name, content := range map[string]string{"bpe.vocab": vocabText, "bpe.model": pieceModel()} {
		v, err := readVocabulary(table(t, name, content))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for phrase, want := range map[string]string{
			"cancel":       "▁CAN CEL", // -7; letter by letter it is -26.5
			"cancel my":    "▁CAN CEL ▁MY",
			"can't":        "", // no T
			"cancel taxis": "",
			"alien":        "", // no token of the model
			"an":           "▁ A N",
		} {
			if got := strings.Join(v.pieces(phrase), " "); got != want {
				t.Errorf("%s: %q is %q, want %q", name, phrase, got, want)
			}
		}
		phrases := []string{"taxi", "cancel", "my can"}
		if got := v.keywords(phrases); got != "▁CAN CEL @1\n▁MY ▁CAN @2" {
			t.Errorf("%s: keywords are %q", name, got)
		}
		if got := v.hotwords(phrases, 0); got != "CANCEL\nMY CAN" {
			t.Errorf("%s: hotwords are %q", name, got)
		}
		path, err := v.save()
		if err != nil {
			t.Fatal(err)
		}
		again, err := readVocabulary(path, filepath.Join(filepath.Dir(mustTokens(t)), "tokens.txt"))
		if err != nil || cmp.Diff(v.scores, again.scores) != "" {
			t.Errorf("%s: saved and read again: %v", name, err)
		}
		if err := os.Remove(path); err != nil {
			t.Error(err)
		}
	}
}

func mustTokens(t *testing.T) string {
	t.Helper()
	_, tokens := table(t, "x", "")
	return tokens
}

// TestPiecesSpellTheWord: joined, the pieces are the phrase again.
func TestPiecesSpellTheWord(t *testing.T) {
	v, err := readVocabulary(table(t, "bpe.vocab", vocabText))
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		phrase := rapid.StringMatching(`[acelmny']{1,12}( [acelmny']{1,12}){0,3}`).Draw(t, "phrase")
		pieces := v.pieces(phrase)
		spelled := strings.ToLower(strings.TrimSpace(strings.ReplaceAll(strings.Join(pieces, ""), wordMark, " ")))
		if pieces != nil && spelled != phrase {
			t.Fatalf("%q became %q", phrase, pieces)
		}
		// Of the letters only Y and M are no pieces by themselves.
		if pieces == nil && !strings.ContainsAny(phrase, "my") {
			t.Fatalf("%q has no pieces", phrase)
		}
	})
}

func TestBadTablesAreRefused(t *testing.T) {
	if v, err := readVocabulary("", ""); v != nil || err != nil {
		t.Errorf("no table gives %v, %v", v, err)
	}
	model := pieceModel()
	for what, file := range map[string][2]string{
		"empty":         {"bpe.vocab", ""},
		"no scores":     {"bpe.vocab", "▁CAN\nCEL\n"},
		"not a number":  {"bpe.vocab", "▁CAN\tNaN\nCEL\t-1\n"},
		"other pieces":  {"bpe.vocab", "x\t-1\ny\t-1\n"},
		"cut off":       {"bpe.model", model[:len(model)-4]},
		"text as model": {"bpe.model", vocabText},
		"too long":      {"bpe.vocab", strings.Repeat("x\t-1\n", maxPieces/5+1)},
	} {
		if _, err := readVocabulary(table(t, file[0], file[1])); !errors.Is(err, ErrPieces) {
			t.Errorf("%s: %v, want it refused", what, err)
		}
	}
}

func FuzzPieceModel(f *testing.F) {
	f.Add([]byte(pieceModel()))
	f.Fuzz(func(t *testing.T, content []byte) {
		_ = parsePieceModel(content, func(_ string, score float64) {
			if math.IsNaN(score) {
				t.Error("no number was taken")
			}
		})
	})
}
