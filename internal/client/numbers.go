package client

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// NumberList is a do-not-call list to import.
type NumberList struct {
	Name, Source string
	National     bool // of an authority
	Whole        bool // what it does not name is taken off
}

// Imported sums up an import.
type Imported struct {
	Numbers, Bad int
	Removed      int64
}

// partBytes is how much of a list is sent at once.
const partBytes = 512 << 10

// ErrNoNumber refuses a list that holds none, so that a wrong file does not
// empty a list.
var ErrNoNumber = errors.New("the file holds no telephone number")

// ImportNumbers sends a list to the server, in parts. When it fails, doing it
// again completes it.
func (c *Client) ImportNumbers(ctx context.Context, r io.Reader, l NumberList) (sum Imported, err error) {
	q := url.Values{"round": {strconv.FormatInt(time.Now().UnixMilli(), 10)}}
	path := "/v1/do-not-call/lists/" + url.PathEscape(l.Name)
	about := url.Values{"round": q["round"], "national": {strconv.FormatBool(l.National)}, "source": {l.Source}}
	lines := bufio.NewScanner(r)
	var part bytes.Buffer
	for lines.Scan() {
		_, _ = part.Write(append(lines.Bytes(), '\n')) // a buffer takes everything
		if part.Len() < partBytes {
			continue
		}
		if err := c.numbers(ctx, path+"/numbers?"+about.Encode(), &part, &sum); err != nil {
			return sum, err
		}
	}
	if err := lines.Err(); err != nil {
		return sum, fmt.Errorf("read the list: %w", err)
	}
	if part.Len() > 0 {
		if err := c.numbers(ctx, path+"/numbers?"+about.Encode(), &part, &sum); err != nil {
			return sum, err
		}
	}
	if sum.Numbers == 0 {
		return sum, ErrNoNumber
	}
	if !l.Whole {
		return sum, nil
	}
	var end struct{ Removed int64 }
	err = c.do(ctx, http.MethodPost, path+"/end?"+q.Encode(), nil, &end)
	sum.Removed = end.Removed
	return sum, err
}

// numbers sends one part. One without any number changes nothing.
func (c *Client) numbers(ctx context.Context, path string, part *bytes.Buffer, sum *Imported) error {
	defer part.Reset()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.base+path, bytes.NewReader(part.Bytes()))
	if err != nil {
		return fmt.Errorf("import numbers: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+c.key)
	req.Header.Set("Content-Type", "text/plain")
	resp, err := c.http.Do(req)
	if err != nil {
		return unreachable(c.base, err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode >= http.StatusMultipleChoices {
		return refusal(resp)
	}
	var got struct{ Numbers, Bad int }
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxAnswer)).Decode(&got); err != nil {
		return fmt.Errorf("import numbers: the answer does not parse: %w", err)
	}
	sum.Numbers += got.Numbers
	sum.Bad += got.Bad
	return nil
}
