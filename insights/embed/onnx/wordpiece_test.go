package onnx

import (
	"slices"
	"strings"
	"testing"
)

func tokenizer(t testing.TB, keepCase bool) *wordPiece {
	t.Helper()
	w, err := readVocabulary(strings.NewReader(vocabulary()), keepCase)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestPieces(t *testing.T) {
	w := tokenizer(t, false)
	for in, want := range map[string]string{
		"cancel":                         "cancel",
		"CANCELLING, my  bill":           "cancel ##ling , my bill",
		"Café cafés":                     "cafe cafe ##s",
		"cancelx":                        "[UNK]",
		"":                               "",
		"pay\u0000ing":                   "[UNK]",
		"pay\u200d":                      "pay",
		"契約pay":                          "[UNK] [UNK] pay",
		"pay\tmy\u00a0bill":              "pay my bill",
		strings.Repeat("a", 200) + " my": "[UNK] my",
	} {
		var got []string
		ids := w.pieces(in)
		for _, id := range ids[1 : len(ids)-1] {
			got = append(got, pieces()[id])
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
		if ids[0] != w.cls || ids[len(ids)-1] != w.sep {
			t.Errorf("%q: %v has no marks at its ends", in, ids)
		}
	}
}

func FuzzPieces(f *testing.F) {
	w := tokenizer(f, false)
	f.Add("cancelling, my bill")
	f.Add("\xff 契約 عقد 😀")
	f.Fuzz(func(t *testing.T, text string) {
		ids := w.pieces(text)
		if len(ids) < 2 || len(ids) > maxPieces {
			t.Fatalf("%d pieces", len(ids))
		}
		if slices.ContainsFunc(ids, func(id int64) bool { return id < 0 || id >= int64(len(pieces())) }) {
			t.Fatalf("%v: not in the vocabulary", ids)
		}
	})
}

func FuzzReadVocabulary(f *testing.F) {
	f.Add(vocabulary())
	f.Add("[CLS]\n[SEP]\n[UNK]\n\xff")
	f.Fuzz(func(t *testing.T, text string) {
		w, err := readVocabulary(strings.NewReader(text), true)
		if err != nil {
			return
		}
		for piece, id := range w.ids {
			if piece == "" || id < 0 || id > int64(strings.Count(text, "\n")) {
				t.Fatalf("piece %q has id %d", piece, id)
			}
		}
	})
}
