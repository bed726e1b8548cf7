// Command manifest-oracle reports what Kubernetes reads in a file.
//
// It answers each line of standard input, {"bytes": base64}, with a line of JSON: the documents that
// kubectl's decoder finds, in order, and the error that stopped it, if any.
// Each document has its JSON value, and what kubectl finds in it: objects, or an error.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apimachinery/pkg/util/yaml"
)

type question struct {
	Bytes []byte `json:"bytes"`
}

type answer struct {
	Documents []document `json:"documents"`
	Error     string     `json:"error,omitempty"`
}

type document struct {
	Value   json.RawMessage  `json:"value"`
	Objects []map[string]any `json:"objects,omitempty"`
	Error   string           `json:"error,omitempty"`
}

// bufferSize is kubectl's. It looks for the brace of JSON within this many bytes.
const bufferSize = 4096

func main() {
	questions := json.NewDecoder(bufio.NewReaderSize(os.Stdin, 1<<20))
	output := bufio.NewWriter(os.Stdout)
	answers := json.NewEncoder(output)
	for {
		var asked question
		if err := questions.Decode(&asked); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			log.Fatal(err)
		}
		if err := answers.Encode(read(asked.Bytes)); err != nil {
			log.Fatal(err)
		}
	}
	if err := output.Flush(); err != nil {
		log.Fatal(err)
	}
}

// read works like kubectl's StreamVisitor: one decoder for the file, document after document.
func read(file []byte) (found answer) {
	found.Documents = []document{}
	defer func() {
		if crash := recover(); crash != nil {
			found.Error = fmt.Sprintf("panic: %v", crash)
		}
	}()
	decoder := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(file), bufferSize)
	for {
		raw := runtime.RawExtension{}
		if err := decoder.Decode(&raw); errors.Is(err, io.EOF) {
			return found
		} else if err != nil {
			found.Error = err.Error()
			return found
		}
		value := bytes.Clone(bytes.TrimSpace(raw.Raw))
		if len(value) == 0 {
			value = []byte("null")
		}
		found.Documents = append(found.Documents, objectsOf(value))
	}
}

// objectsOf decodes a document as kubectl does before sending it. Lists become their items.
func objectsOf(value []byte) document {
	result := document{Value: value}
	if string(value) == "null" {
		return result
	}
	decoded, _, err := unstructured.UnstructuredJSONScheme.Decode(value, nil, nil)
	if err == nil {
		err = metadataError(value, decoded)
	}
	if err != nil {
		result.Error = err.Error()
		return result
	}
	list, isList := decoded.(*unstructured.UnstructuredList)
	if !isList {
		result.Objects = []map[string]any{decoded.(*unstructured.Unstructured).Object}
		return result
	}
	for _, item := range list.Items {
		result.Objects = append(result.Objects, item.Object)
	}
	return result
}

// metadataOnly is what names and selects an object. kubectl decodes all of its metadata (the metadata
// decoder of cli-runtime): a label that is a number is an error there, whatever the kind.
type metadataOnly struct {
	Metadata struct {
		Name         string            `json:"name"`
		GenerateName string            `json:"generateName"`
		Namespace    string            `json:"namespace"`
		Labels       map[string]string `json:"labels"`
		Annotations  map[string]string `json:"annotations"`
	} `json:"metadata"`
}

// metadataError decodes the metadata of a document, and of the items of a list, which kubectl decodes
// one by one.
func metadataError(value []byte, decoded runtime.Object) error {
	if err := utiljson.Unmarshal(value, &metadataOnly{}); err != nil {
		return err
	}
	list, isList := decoded.(*unstructured.UnstructuredList)
	if !isList {
		return nil
	}
	for _, item := range list.Items {
		raw, err := json.Marshal(item.Object)
		if err != nil {
			return err
		}
		if err := utiljson.Unmarshal(raw, &metadataOnly{}); err != nil {
			return err
		}
	}
	return nil
}
