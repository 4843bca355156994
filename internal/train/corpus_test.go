package train

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// folder writes data sets of our own words in the formats of the real ones.
func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	put := func(name, text string) {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		data := []byte(text)
		if strings.HasSuffix(name, ".gz") {
			var b bytes.Buffer
			w := gzip.NewWriter(&b)
			w.Write(data)
			w.Close()
			data = b.Bytes()
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put("banking77/train.csv", "text,category\n\"where, oh where\nis my card\",card\nmy pin,pin\n")
	put("clinc150/data_full_train_val.json", `{"train": [["sing a song","music"]], "val": [["never read this","music"]], "oos_train": [["of nothing","oos"]]}`)
	put("dstc11-intent-induction/insurance-test-utterances.jsonl", `{"utterance":"i crashed","intent":"Claim"}`+"\n")
	put("dstc11-intent-induction/banking-task2-inputs.txt", "a plain line\n\nanother\n")
	put("dstc11-intent-induction/banking-turns.jsonl", `{"utterance":"never read this","intent":"X"}`)
	for fold := range 14 {
		put(fmt.Sprintf("nlupp/banking.fold%d.json", fold), `[{"text":"new pin","intents":["new","pin"]},{"text":"nothing"}]`)
		put(fmt.Sprintf("nlupp/hotels.fold%d.json", fold), `[]`)
	}
	for _, domain := range []string{"airline", "fastfood", "finance", "media", "software"} {
		put("multidogo/"+domain+".train.tsv.gz", "conversationId\tturnNumber\tutteranceId\tutterance\tslot-labels\tintent\n"+
			"1\t1\t1\tbook it<\tO\tbook<div>thankyou\n1\t2\t2\tmy name is x\tO\tcontentonly\nbroken\tline\n1\t3\t3\tbook it<\tO\tbook\n")
	}
	put("star/dialogues.jsonl.gz", `{"events":[{"who":"user","act":"utter","text":"i need a doctor"},{"who":"wizard","act":"request_suggestions","text":"when do you need one"},{"who":"user","act":"utter","text":"ok"},{"who":"wizard","act":"request_suggestions","text":"bye"}]}`+"\n")
	put("goemotions/train.tsv.gz", "what a day\t3\tid\n")
	return dir
}

func TestLoad(t *testing.T) {
	c, err := Load(folder(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int{
		"banking77": 2, "clinc150": 1, "dstc11-insurance": 1, "nlupp-banking": 14, "nlupp-hotels": 0, "multidogo-airline": 1,
		"multidogo-fastfood": 1, "multidogo-finance": 1, "multidogo-media": 1, "multidogo-software": 1,
	}
	if len(c.Sets) != len(want) {
		t.Errorf("%d sets, want %d", len(c.Sets), len(want))
	}
	for _, s := range c.Sets {
		if len(s.Examples) != want[s.Name] {
			t.Errorf("%s: %d examples, want %d", s.Name, len(s.Examples), want[s.Name])
		}
		for _, e := range s.Examples {
			if e.Text == "never read this" {
				t.Errorf("%s: read what is kept for tests", s.Name)
			}
		}
	}
	if labels := c.Sets[3].Examples[0].Labels; len(labels) != 2 {
		t.Errorf("labels %v, want two", labels)
	}
	if len(c.Pairs) != 1 || c.Pairs[0] != [2]string{"i need a doctor", "when do you need one"} {
		t.Errorf("pairs %v", c.Pairs)
	}
	if len(c.Lines) != 4 {
		t.Errorf("lines %q, want 4", c.Lines)
	}
}

func TestLoadLeavesOut(t *testing.T) {
	c, err := Load(folder(t), []string{"banking77", "multidogo", "star"})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range c.Sets {
		if s.Name == "banking77" || strings.HasPrefix(s.Name, "multidogo") {
			t.Errorf("%s was read", s.Name)
		}
	}
	if len(c.Pairs) > 0 {
		t.Error("star was read")
	}
}

func TestLoadRefuses(t *testing.T) {
	if _, err := Load(t.TempDir(), nil); err == nil {
		t.Error("a folder of nothing was taken")
	}
	for name, text := range map[string]string{
		"dstc11-intent-induction/insurance-test-utterances.jsonl": "{}\n{broken",
		"clinc150/data_full_train_val.json":                       "[",
		"banking77/train.csv":                                     "text,category\n\"open",
		"star/dialogues.jsonl.gz":                                 "not gzip",
	} {
		dir := folder(t)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Load(dir, nil); err == nil || !strings.Contains(err.Error(), "read ") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestNoise(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	n := noise{drop: 0.3, alike: soundAlikes()}
	text := "i want to buy a new sim by next week please and thank you"
	words, lost, changed := len(strings.Fields(text)), 0, 0
	for range 500 {
		got := strings.Fields(n.of(r, text))
		lost += words - len(got)
		for _, w := range got {
			if !strings.Contains(" "+text+" ", " "+w+" ") {
				changed++
			}
		}
	}
	if share := float64(lost) / float64(500*words); share < 0.25 || share > 0.35 {
		t.Errorf("%.2f of the words lost, want 0.3", share)
	}
	if changed == 0 {
		t.Error("no word was misheard")
	}
	if got := n.of(r, "hello"); got != "hello" {
		t.Errorf("%q: the last word was lost", got)
	}
	left, right := halves(r, text)
	if len(strings.Fields(left))+len(strings.Fields(right)) != words {
		t.Errorf("%q and %q are not all of it", left, right)
	}
}
