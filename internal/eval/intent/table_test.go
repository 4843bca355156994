package intent

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"heed/internal/eval/rows"
)

var things = []string{"the lamp", "my hat", "a box", "the blue shoes", "two books", "that phone", "it", "the order", "my bag", "the ring", "this one", "a coat"}

// sentences are of two labels, in turn.
func sentences() (texts, labels []string) {
	for _, thing := range things {
		texts = append(texts, "where is "+thing, "please cancel "+thing)
		labels = append(labels, "where", "cancel")
	}
	return texts, labels
}

func jsonOf(t *testing.T, v any) *fstest.MapFile {
	t.Helper()
	raw, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return &fstest.MapFile{Data: raw}
}

func packed(t *testing.T, lines ...string) *fstest.MapFile {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(strings.Join(lines, "\n"))); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return &fstest.MapFile{Data: b.Bytes()}
}

// folder is the data sets in small, in sentences of our own.
func folder(t *testing.T) fstest.MapFS {
	t.Helper()
	texts, labels := sentences()
	f := fstest.MapFS{}
	csv := "text,category\n"
	var pairs [][2]string
	turns := []string{"conversationId\tturnNumber\tutteranceId\tutterance\tslot-labels\tintent", "only\tthree\tfields"}
	var fold []map[string]any
	for i := range texts {
		csv += fmt.Sprintf("%q,%s\n", texts[i], labels[i])
		pairs = append(pairs, [2]string{texts[i], labels[i]})
		turns = append(turns, fmt.Sprintf("c\t1\tu\t%s\t%s\t%s", texts[i], strings.TrimSpace(strings.Repeat("O ", len(strings.Fields(texts[i])))), labels[i]))
		fold = append(fold, map[string]any{"text": texts[i], "intents": []string{labels[i]}})
	}
	both := "where is the lamp and please cancel it"
	turns = append(turns, "c\t1\tu\t"+both+"\tO O O O O O O O\tcancel<div>where<div>cancel", "c\t1\tu\ttoo few\tO\twhere")
	fold = append(fold, map[string]any{"text": both, "intents": []string{"cancel", "where"}}, map[string]any{"text": "good morning to you", "intents": nil})
	draw := map[string][]int{}
	for d := range draws {
		draw[fmt.Sprint(d)] = []int{d, d + 1, d + 2, d + 3, d + 4, d + 5, d + 6, d + 7, d + 8, d + 9}
	}
	few := jsonOf(t, map[string]any{"10-shot": draw})
	f["banking77/train.csv"] = &fstest.MapFile{Data: []byte(csv)}
	f["banking77/fewshot_rows.json"], f["clinc150/fewshot_rows.json"] = few, few
	f["clinc150/data_full_train_val.json"] = jsonOf(t, map[string][][2]string{
		"train": pairs, "val": {{"where is my shoe", "where"}}, "oos_train": {{"good morning to you", "oos"}}, "oos_val": {{"seven monkeys sing", "oos"}},
	})
	for _, domain := range []string{"airline", "fastfood", "finance", "media", "software"} {
		f["multidogo/"+domain+".train.tsv.gz"], f["multidogo/"+domain+".dev.tsv.gz"] = packed(t, turns...), packed(t, turns[:5]...)
	}
	for i := range 14 {
		f[fmt.Sprintf("nlupp/banking.fold%d.json", i)], f[fmt.Sprintf("nlupp/hotels.fold%d.json", i)] = jsonOf(t, fold), jsonOf(t, fold)
	}
	return f
}

// none gives no encoder.
func none(string) (encoder, error) { return nil, nil }

func TestTables(t *testing.T) {
	lines, err := Tables(folder(t), none)
	if err != nil {
		t.Fatal(err)
	}
	var tasks []string
	for _, l := range lines {
		tasks = append(tasks, l.Task+": "+l.Measure)
		if l.Value < 0.75 || l.Value > 1 {
			t.Errorf("%s: %s is %.3f", l.Task, l.Measure, l.Value)
		}
	}
	want := []string{
		"banking77: accuracy", "banking77, 10 a label: accuracy",
		"CLINC150: in-scope accuracy", "CLINC150: out-of-scope recall", "CLINC150: out-of-scope AUROC", "clinc150, 10 a label: accuracy",
		"MultiDoGO airline: micro-F1", "MultiDoGO fastfood: micro-F1", "MultiDoGO finance: micro-F1", "MultiDoGO media: micro-F1",
		"MultiDoGO software: micro-F1", "MultiDoGO, mean: micro-F1", "MultiDoGO, mean, 10 a label: micro-F1",
		"NLU++ banking: micro-F1", "NLU++ banking, 10 a label: micro-F1", "NLU++ hotels: micro-F1", "NLU++ hotels, 10 a label: micro-F1",
	}
	if !slices.Equal(tasks, want) {
		t.Errorf("got %q", tasks)
	}
	if !(Line{Value: 0.5, Bar: 0.6}).Short() || (Line{Value: 0.6, Bar: 0.6}).Short() {
		t.Error("a bar is reached from the bar on")
	}
}

func TestTablesSayWhatIsWrong(t *testing.T) {
	for path, c := range map[string]struct{ content, want string }{
		"banking77/train.csv":               {"a,\"b", "banking77"},
		"banking77/fewshot_rows.json":       {`{"10-shot": {"0": [99]}}`, "row 99 of 24"},
		"clinc150/data_full_train_val.json": {`{"train": [`, "clinc150/data_full_train_val.json, byte 11"},
		"multidogo/media.dev.tsv.gz":        {"plain", "multidogo/media.dev.tsv.gz: gzip"},
		"nlupp/hotels.fold3.json":           {`{}`, "nlupp/hotels.fold3.json"},
	} {
		f := folder(t)
		f[path] = &fstest.MapFile{Data: []byte(c.content)}
		if _, err := Tables(f, none); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", path, err)
		}
		delete(f, path)
		if _, err := Tables(f, none); err == nil || !strings.Contains(err.Error(), fs.ErrNotExist.Error()) && !strings.Contains(err.Error(), "does not exist") {
			t.Errorf("%s is not there: %v", path, err)
		}
	}
}

// What is trained on is never answered, and the split does not change.
func TestPartsAreApart(t *testing.T) {
	data := folder(t)
	all, err := banking(data)
	if err != nil {
		t.Fatal(err)
	}
	p, again := split(all), split(all)
	if len(p.test) != 4 || len(p.train)+len(p.test) != len(all) || !slices.EqualFunc(p.test, again.test, sameText) {
		t.Errorf("%d to train, %d to test of %d", len(p.train), len(p.test), len(all))
	}
	f, err := few(data, "banking77", all, 10, 1)
	if err != nil || len(f.train) != 10 || len(f.test) != 12 {
		t.Fatalf("%d and %d, %v", len(f.train), len(f.test), err)
	}
	for _, p := range []part{p, f} {
		for _, r := range p.test {
			if slices.ContainsFunc(p.train, func(o rows.Row) bool { return sameText(o, r) }) {
				t.Errorf("%q is in both", r.Text)
			}
		}
	}
}

func sameText(a, b rows.Row) bool { return a.Text == b.Text }

// With few examples a label nothing of a set was read before, else nothing of
// what is answered.
func TestEncodersHaveNotReadWhatIsAnswered(t *testing.T) {
	data := folder(t)
	var asked []string
	lines, err := Tables(data, func(without string) (encoder, error) {
		asked = append(asked, without)
		return nil, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range lines {
		if few := strings.HasSuffix(l.Task, " a label"); few == (l.Encoder == "has not read the rows answered") || l.Encoder == "" {
			t.Errorf("%s: the encoder %s", l.Task, l.Encoder)
		}
	}
	slices.Sort(asked)
	if got := slices.Compact(asked); !slices.Equal(got, []string{"", "banking77", "clinc150", "multidogo", "nlupp"}) {
		t.Errorf("asked for encoders without %q", got)
	}
	held, err := HeldOut(data)
	if err != nil || len(held["banking77"]) != 4 || len(held["nlupp-hotels"]) != 3*len(held["nlupp-banking"])/3 {
		t.Errorf("%d and %d held, %v", len(held["banking77"]), len(held["nlupp-hotels"]), err)
	}
	away := errors.New("no encoder")
	if _, err := Tables(data, func(string) (encoder, error) { return nil, away }); !errors.Is(err, away) {
		t.Errorf("got %v", err)
	}
}

func TestDrawsHaveEachLabel(t *testing.T) {
	all, err := folds(folder(t), "hotels", 0, 2)
	if err != nil {
		t.Fatal(err)
	}
	count := func(of []rows.Row) map[string]int {
		n := make(map[string]int)
		for i := range of {
			for _, l := range labelsOf(&of[i]) {
				n[l]++
			}
		}
		return n
	}
	whole := count(all)
	for seed := range 5 {
		drawn := draw(all, 10, seed)
		for label, n := range count(drawn) {
			if n < min(10, whole[label]) {
				t.Errorf("%q stands %d times of %d", label, n, whole[label])
			}
		}
		if again := draw(all, 10, seed); len(drawn) > 30 || !slices.EqualFunc(drawn, again, sameText) {
			t.Errorf("%d rows, then %d", len(drawn), len(again))
		}
	}
}
