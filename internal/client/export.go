package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// Exported says what an export has become.
type Exported struct {
	Rows    int64
	Partial string // why it does not hold all; empty when it does
}

// Export writes what a path of the API exports, as it comes, however long that
// takes. An answer that ends without saying how many rows it has was cut off.
func (c *Client) Export(ctx context.Context, path string, to io.Writer) (Exported, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, c.base+path, nil)
	if err != nil {
		return Exported{}, fmt.Errorf("GET %s: %w", path, err)
	}
	req.Header.Set("Authorization", "Bearer "+c.key)
	lasting := *c.http
	lasting.Timeout = 0 // the caller's context ends it
	resp, err := lasting.Do(req)
	if err != nil {
		return Exported{}, unreachable(c.base, err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return Exported{}, refusal(resp)
	}
	if _, err := io.Copy(to, resp.Body); err != nil {
		return Exported{}, fmt.Errorf("the export was cut off: %w", err)
	}
	// These are trailers: they are there when the body was read.
	rows, err := strconv.ParseInt(resp.Trailer.Get("Heed-Export-Rows"), 10, 64)
	if err != nil {
		return Exported{}, ErrCutOff
	}
	return Exported{rows, resp.Trailer.Get("Heed-Export-Partial")}, nil
}

// ErrCutOff is an export that ended before its end.
var ErrCutOff = errors.New("the export was cut off: it does not say how many rows it has")
