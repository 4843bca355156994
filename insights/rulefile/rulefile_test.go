package rulefile

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"
)

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		yaml, want string
		line       int
	}{
		{"", "the file is empty", 0},
		{"a: [", "expected YAML", 1},
		{"a: 1\n\tb: 2", "expected YAML", 2},
		{"- a", "expected the fields name, flag, list, version, got a list", 1},
		{"version: 1\nnam: x", `unknown field "nam", expected one of name, flag, list, version`, 2},
		{"version: 1", `field "name" is missing`, 1},
		{"version: 1\nname: a\nname: b", `field "name" is given twice`, 3},
		{"version: 2\nname: a", `expected version: 1, got "2"`, 1},
		{"version: x\nname: a", `expected version: 1, got "x"`, 1},
		{"version: 1\nname: A", "expected a name of a-z, 0-9 and _", 2},
		{"version: 1\nname: 1a", "expected a name of a-z", 2},
		{"version: 1\nname: [a]", "expected text, got a list", 2},
		{"version: 1\nname: yes\nflag: 3", `expected true or false, got "3"`, 3},
		{"version: 1\nname: no_way\nflag:", "expected true or false", 3},
		{"version: 1\nname: true", "put it in quotes", 2},
		{"version: 1\nname: ' '", "expected text, got nothing", 2},
		{"version: 1\nname:", "expected text, got nothing", 2},
		{"version: 1\nname: a\nlist: x", `expected a list, got "x"`, 3},
		{"version: 1\nname: a\nlist: []", "the list is empty", 3},
		{"version: 1\nname: a\nlist:\n- b\n- 12", "expected text, got 12: put it in quotes", 5},
		{"version: 1\nname: a\nlist: {b: c}", "expected a list, got fields", 3},
		{strings.Repeat("#", MaxBytes+1), "expected at most", 0},
	} {
		err := read(c.yaml)
		var e *Error
		if !errors.As(err, &e) || !Is(err) || e.Line != c.line || e.File != "f.yaml" || !strings.Contains(e.Error(), c.want) {
			t.Errorf("%.40q: got %v, want %q in line %d", c.yaml, err, c.want, c.line)
		}
	}
	if err := read("version: 1\nname: &n a_1\nflag: true\nlist: [*n, ' b ']"); err != nil {
		t.Error(err)
	}
}

func read(yaml string) error {
	root, err := Parse("f.yaml", []byte(yaml))
	if err != nil {
		return err
	}
	f, err := root.Fields("name", "flag?", "list?", "version")
	if err != nil {
		return err
	}
	if err := f["version"].Version(1); err != nil {
		return err
	}
	if _, err := f["name"].Name(); err != nil {
		return err
	}
	if v, ok := f["flag"]; ok {
		if _, err := v.Bool(); err != nil {
			return err
		}
	}
	if v, ok := f["list"]; ok {
		texts, err := v.Texts()
		if err != nil {
			return err
		}
		for _, s := range texts {
			if s != strings.TrimSpace(s) {
				return v.Errorf("expected trimmed text, got %q", s)
			}
		}
	}
	return nil
}

func TestEach(t *testing.T) {
	var files []string
	err := Each(fstest.MapFS{
		"b.yaml": {Data: []byte("x: 1")}, "a.yaml": {Data: []byte("x: 1")}, "README.md": {}, "sub/c.yaml": {},
	}, func(v Value) error {
		files = append(files, v.file)
		return nil
	})
	if err != nil || strings.Join(files, " ") != "a.yaml b.yaml" {
		t.Errorf("%v %v", files, err)
	}
	if err := Each(fstest.MapFS{}, nil); !Is(err) {
		t.Errorf("an empty folder: %v", err)
	}
	stop := errors.New("stop")
	if err := Each(fstest.MapFS{"a.yaml": {Data: []byte("x: 1")}}, func(Value) error { return stop }); !errors.Is(err, stop) {
		t.Error(err)
	}
	if err := Each(fstest.MapFS{"a.yaml": {Data: []byte("\xff")}}, func(Value) error { return nil }); !Is(err) {
		t.Errorf("garbage: %v", err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("version: 1\nname: a\nlist: [b]")
	f.Add("&a [*a]")
	f.Fuzz(func(t *testing.T, s string) {
		if err := read(s); err != nil && !Is(err) {
			t.Fatal(err)
		}
	})
}

func TestNumber(t *testing.T) {
	number := func(yaml string) (float64, error) {
		root, err := Parse("f.yaml", []byte("\nn: "+yaml))
		if err != nil {
			return 0, err
		}
		f, err := root.Fields("n")
		if err != nil {
			return 0, err
		}
		return f["n"].Number(0, 1)
	}
	for yaml, want := range map[string]float64{"0": 0, "0.25": 0.25, "1": 1, "1e-1": 0.1} {
		if got, err := number(yaml); err != nil || got != want {
			t.Errorf("%s: %v, %v", yaml, got, err)
		}
	}
	for _, yaml := range []string{"2", "-0.1", "x", "'0.5'", "[0.5]", ".nan", ".inf", "", "{}", "true"} {
		if _, err := number(yaml); err == nil || !strings.Contains(err.Error(), "f.yaml:2: expected a number from 0 to 1") {
			t.Errorf("%s: %v", yaml, err)
		}
	}
}
