package api

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"heed/insights"
	"heed/internal/intake"
	"heed/internal/mount"
	"heed/internal/store"
)

const (
	jsonBody = "application/json"
	formBody = "multipart/form-data"

	// largestFields bounds what is told of a recording, in bytes.
	largestFields = 16 << 10
	// longestValue bounds one field of a form.
	longestValue = 4 << 10
)

var errForm = errors.New("this is no form that is understood")

// addInput is a request whose body is read as it comes.
type addInput struct {
	Key string `header:"Idempotency-Key" maxLength:"200" doc:"The same key with the same recording counts once"`

	mediaType string
	params    map[string]string
	query     url.Values
	body      io.Reader
}

// Resolve keeps the body for the handler, and gives it time as it comes.
func (in *addInput) Resolve(ctx huma.Context) []error {
	var err error
	if in.mediaType, in.params, err = mime.ParseMediaType(ctx.Header("Content-Type")); err != nil {
		return []error{&huma.ErrorDetail{Location: "header.Content-Type", Message: "must say what the body is"}}
	}
	u := ctx.URL()
	in.query, in.body = u.Query(), mount.Body(ctx, 0)
	return nil
}

// bring takes what the body brings.
func (in *addInput) bring(ctx context.Context, q *intake.Service, key string) (store.Incoming, bool, error) {
	switch in.mediaType {
	case jsonBody:
		f, err := fromJSON(in.body)
		if err != nil {
			return store.Incoming{}, false, err
		}
		return q.Ask(ctx, f.submission(key))
	case formBody:
		return in.fromForm(ctx, q, key)
	}
	if !strings.HasPrefix(in.mediaType, "audio/") && !strings.HasPrefix(in.mediaType, "video/") && in.mediaType != "application/octet-stream" {
		return store.Incoming{}, false, fmt.Errorf("%w: the body is %s; send %s, %s or audio", errForm, in.mediaType, formBody, jsonBody)
	}
	var f Fields
	for name := range in.query {
		if err := f.set(name, in.query.Get(name)); err != nil {
			return store.Incoming{}, false, err
		}
	}
	return in.add(ctx, q, key, f, in.body)
}

func (in *addInput) add(ctx context.Context, q *intake.Service, key string, f Fields, body io.Reader) (store.Incoming, bool, error) {
	if f.URL != "" {
		return store.Incoming{}, false, fmt.Errorf("%w: give bytes or a url, not both", errForm)
	}
	return q.Add(ctx, f.submission(key), body)
}

func fromJSON(body io.Reader) (f Fields, err error) {
	d := json.NewDecoder(io.LimitReader(body, largestFields))
	d.DisallowUnknownFields()
	if err := d.Decode(&f); err != nil {
		return f, fmt.Errorf("%w: %w", errForm, err)
	}
	if f.URL == "" {
		return f, fmt.Errorf("%w: the url is missing", errForm)
	}
	return f, nil
}

// fromForm takes a form, whose fields come before the bytes.
func (in *addInput) fromForm(ctx context.Context, q *intake.Service, key string) (store.Incoming, bool, error) {
	form := multipart.NewReader(in.body, in.params["boundary"])
	var f Fields
	const most = 32
	for range most {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			return store.Incoming{}, false, fmt.Errorf("%w: it has no part named file; that comes last", errForm)
		}
		if err != nil {
			return store.Incoming{}, false, fmt.Errorf("%w: %w", errForm, err)
		}
		if part.FormName() == "file" {
			return in.add(ctx, q, key, f, part)
		}
		value, err := io.ReadAll(io.LimitReader(part, longestValue+1))
		if err != nil {
			return store.Incoming{}, false, fmt.Errorf("%w: %w", errForm, err)
		}
		if len(value) > longestValue {
			return store.Incoming{}, false, fmt.Errorf("%w: a field is longer than %d bytes", errForm, longestValue)
		}
		if err := f.set(part.FormName(), string(value)); err != nil {
			return store.Incoming{}, false, err
		}
	}
	return store.Incoming{}, false, fmt.Errorf("%w: it has more than %d parts", errForm, most)
}

// set sets a field by its name.
func (f *Fields) set(name, value string) (err error) {
	texts := map[string]*string{
		"url": &f.URL, "platform": &f.Platform, "platform_call_id": &f.PlatformCall, "recording_id": &f.RecordingID,
		"direction": &f.Direction, "from": &f.From, "to": &f.To, "agent": &f.Agent, "language": &f.Language,
	}
	if text := texts[name]; text != nil {
		*text = value
		return nil
	}
	switch name {
	case "started_at":
		f.Started, err = time.Parse(time.RFC3339, value)
	case "channels":
		f.Channels, err = strconv.Atoi(value)
	case "first":
		f.First = insights.Speaker(value)
	case "bulk":
		f.Bulk, err = strconv.ParseBool(value)
	default:
		return fmt.Errorf("%w: there is no field %q", errForm, name)
	}
	if err != nil {
		return fmt.Errorf("%w: %s is %q", errForm, name, value)
	}
	return nil
}
