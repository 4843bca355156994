package segment

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"unicode/utf8"
)

// readBody reads what a request carries, unpacked: JSON in UTF-8 of at most
// limit bytes. Browsers send it as text/plain, so that is taken as well.
func readBody(w http.ResponseWriter, r *http.Request, limit int64) ([]byte, error) {
	if err := checkType(r.Header.Get("Content-Type")); err != nil {
		return nil, err
	}
	body := io.Reader(http.MaxBytesReader(w, r.Body, limit))
	switch encoding := strings.ToLower(r.Header.Get("Content-Encoding")); encoding {
	case "", "identity":
	case "gzip":
		z, err := gzip.NewReader(body)
		if err != nil {
			return nil, unreadable(err, limit)
		}
		body = z
	default:
		return nil, problem{Status: http.StatusUnsupportedMediaType, Detail: "Content-Encoding: only gzip and none are read"}
	}
	raw, err := io.ReadAll(io.LimitReader(body, limit+1))
	switch {
	case err != nil:
		return nil, unreadable(err, limit)
	case int64(len(raw)) > limit:
		return nil, tooLarge(limit)
	case !utf8.Valid(raw):
		return nil, problem{Status: http.StatusBadRequest, Detail: "body: is not UTF-8; nothing was changed", Errors: []Fault{{Field: "body", Reason: "is not UTF-8"}}}
	}
	return raw, nil
}

func checkType(header string) error {
	if header == "" {
		return nil
	}
	kind, params, err := mime.ParseMediaType(header)
	charset := strings.ToLower(params["charset"])
	if err != nil || (kind != "application/json" && kind != "text/plain") || (charset != "" && charset != "utf-8" && charset != "us-ascii") {
		return problem{Status: http.StatusUnsupportedMediaType, Detail: "Content-Type: must be application/json in UTF-8"}
	}
	return nil
}

func unreadable(err error, limit int64) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return tooLarge(limit)
	}
	return problem{Status: http.StatusBadRequest, Detail: "body: cannot be read to its end, or is not the gzip that it says; nothing was changed"}
}

// tooLarge is a 400, as the API documents it: libraries then do not come back.
func tooLarge(limit int64) problem {
	return badRequest(&bad{"body", fmt.Sprintf("is larger than %d KB", limit>>10)})
}
