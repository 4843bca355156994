package export

import (
	"fmt"
	"io"
	"reflect"
	"strconv"
	"time"

	"github.com/parquet-go/parquet-go"
)

// A row group is in memory while it is written: it ends with the first of
// these.
const (
	groupRows  = 20_000
	groupBytes = 16 << 20 // of texts, before compression
)

// partialKey is where a Parquet file says why it does not hold all; rowsKey is
// how many rows it has.
const (
	partialKey = "heed.partial"
	rowsKey    = "heed.rows"
)

// columnar is a Parquet file being written.
type columnar struct {
	w     *parquet.GenericWriter[any]
	heads []heading
	now   parquet.Row
	rows  int
	bytes int
}

// newParquet makes the schema of a table. A group of the library's sorts its
// columns by name; a struct's keeps the table's order.
func newParquet(w io.Writer, name string, heads []heading) (*columnar, error) {
	fields := make([]reflect.StructField, len(heads))
	for i, h := range heads {
		fields[i] = reflect.StructField{Name: "C" + strconv.Itoa(i)}
		tag := ""
		switch h.kind {
		case text:
			fields[i].Type = reflect.TypeFor[string]()
		case whole:
			fields[i].Type = reflect.TypeFor[int64]()
		case number:
			fields[i].Type, tag = reflect.TypeFor[*float64](), ",optional"
		case moment:
			fields[i].Type, tag = reflect.TypeFor[*time.Time](), ",optional,timestamp(millisecond)"
		case list:
			fields[i].Type, tag = reflect.TypeFor[[]string](), ",list"
		default:
			return nil, fmt.Errorf("column %s: a kind without a type", h.name)
		}
		fields[i].Tag = reflect.StructTag(`parquet:"` + h.name + tag + `"`)
	}
	node := parquet.SchemaOf(reflect.New(reflect.StructOf(fields)).Interface())
	schema := parquet.NewSchema(name, node)
	return &columnar{heads: heads, w: parquet.NewGenericWriter[any](w, schema,
		parquet.Compression(&parquet.Snappy), parquet.CreatedBy("heed", "", ""), parquet.MaxRowsPerRowGroup(groupRows))}, nil
}

func (p *columnar) row(cells []cell) error {
	p.now = p.now[:0]
	for i, c := range cells {
		p.add(i, c)
	}
	if _, err := p.w.WriteRows([]parquet.Row{p.now}); err != nil {
		return err
	}
	if p.rows++; p.rows < groupRows && p.bytes < groupBytes {
		return nil
	}
	p.rows, p.bytes = 0, 0
	return p.w.Flush()
}

// add puts a cell into the row: with how far it repeats a list, and how much of
// its path is there.
func (p *columnar) add(i int, c cell) {
	put := func(v parquet.Value, repeats, defined int) { p.now = append(p.now, v.Level(repeats, defined, i)) }
	switch k := p.heads[i].kind; {
	case k == text:
		p.bytes += len(c.text)
		put(parquet.ByteArrayValue([]byte(c.text)), 0, 0)
	case k == whole:
		put(parquet.Int64Value(c.whole), 0, 0)
	case c.none || k == list && len(c.list) == 0:
		put(parquet.NullValue(), 0, 0)
	case k == number:
		put(parquet.DoubleValue(c.num), 0, 1)
	case k == moment:
		put(parquet.Int64Value(c.at.UnixMilli()), 0, 1)
	default:
		for n, s := range c.list {
			p.bytes += len(s)
			put(parquet.ByteArrayValue([]byte(s)), min(n, 1), 1)
		}
	}
}

func (p *columnar) close(e End) error {
	p.w.SetKeyValueMetadata(rowsKey, strconv.FormatInt(e.Rows, 10))
	if e.Partial != "" {
		p.w.SetKeyValueMetadata(partialKey, e.Partial)
	}
	return p.w.Close()
}
