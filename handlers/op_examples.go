package handlers

import (
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gofiber/fiber/v2"
)

// exemplify shows what an operation is asked and answers with, put together from the examples of its fields.
func (o *operations) exemplify(op *huma.Operation, success string) {
	if op.RequestBody != nil {
		for _, media := range op.RequestBody.Content {
			media.Example = o.example(media.Schema)
		}
	}
	for _, media := range op.Responses[success].Content {
		media.Example = o.example(media.Schema)
	}
}

// example is a value such as a schema describes. A field without an example of its own gets the first its
// rules allow.
func (o *operations) example(sc *huma.Schema) any {
	if sc.Ref != "" {
		sc = o.OpenAPI().Components.Schemas.SchemaFromRef(sc.Ref)
	}
	if len(sc.Examples) > 0 {
		return sc.Examples[0]
	}
	switch sc.Type {
	case huma.TypeObject:
		out := map[string]any{}
		for name, field := range sc.Properties {
			out[name] = o.example(field)
		}
		return out
	case huma.TypeArray:
		return []any{o.example(sc.Items)}
	case huma.TypeInteger, huma.TypeNumber:
		return 1
	case huma.TypeBoolean:
		return true
	default:
		return ""
	}
}

// responses describes the failures of an operation, with one example for each code.
func (f fails) responses() map[string]*huma.Response {
	out := map[string]*huma.Response{}
	for status, codes := range f {
		r, examples := failedWith(strings.Join(codes, ", ")), map[string]*huma.Example{}
		for _, code := range codes {
			examples[code] = &huma.Example{Value: failedBy(code)}
		}
		r.Content[fiber.MIMEApplicationJSON].Examples = examples
		out[strconv.Itoa(status)] = r
	}
	return out
}

func failedBy(code string) failure {
	why := reason{Code: code, Message: "What happened, in the caller's language.", RequestID: "0199f3a1-5c1e-7a40-9d5b-0d2f6f3f1c11"}
	if code == "validation" {
		why.Details = []detail{{"qty", "min"}}
	}
	return failure{Error: why, ErrorCode: code}
}

// codes are the codes of what an operation fails with, by status.
func codes(op *huma.Operation) (all []string) {
	for status, r := range op.Responses {
		for _, media := range r.Content {
			for code := range media.Examples {
				all = append(all, status+" "+code)
			}
		}
	}
	slices.Sort(all)
	return all
}
