package main

import (
	"bytes"
	"context"
	"encoding/json"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"

	restful "github.com/emicklei/go-restful/v3"
	admissionv1 "k8s.io/api/admissionregistration/v1"
	appsv1 "k8s.io/api/apps/v1"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/managedfields"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/apiserver/pkg/admission"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizerfactory"
	"k8s.io/apiserver/pkg/endpoints"
	apirequest "k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/registry/generic"
	"k8s.io/apiserver/pkg/registry/rest"
	serverstorage "k8s.io/apiserver/pkg/server/storage"
	"k8s.io/kubernetes/pkg/api/legacyscheme"
	_ "k8s.io/kubernetes/pkg/apis/admissionregistration/install"
	_ "k8s.io/kubernetes/pkg/apis/apps/install"
	_ "k8s.io/kubernetes/pkg/apis/batch/install"
	_ "k8s.io/kubernetes/pkg/apis/core/install"
	"k8s.io/kubernetes/pkg/kubelet/client"
	policystorage "k8s.io/kubernetes/pkg/registry/admissionregistration/validatingadmissionpolicy/storage"
	bindingstorage "k8s.io/kubernetes/pkg/registry/admissionregistration/validatingadmissionpolicybinding/storage"
	appsrest "k8s.io/kubernetes/pkg/registry/apps/rest"
	batchrest "k8s.io/kubernetes/pkg/registry/batch/rest"
	nodestorage "k8s.io/kubernetes/pkg/registry/core/node/storage"
	podstorage "k8s.io/kubernetes/pkg/registry/core/pod/storage"
	controllerstorage "k8s.io/kubernetes/pkg/registry/core/replicationcontroller/storage"
)

// request is a request to the API server. The objects are in the resource's version.
type request struct {
	Operation   admission.Operation `json:"operation"`
	Resource    resource            `json:"resource"`
	Subresource string              `json:"subresource"`
	// Namespace and Name are of the URL. Without them, those of the object are taken, as kubectl does.
	Namespace string   `json:"namespace"`
	Name      string   `json:"name"`
	UserInfo  userInfo `json:"userInfo"`
	// Object is what the user sends, OldObject what etcd has.
	Object    json.RawMessage `json:"object"`
	OldObject json.RawMessage `json:"oldObject"`
	// Policies has the names of the policies to ask; without it, all are asked.
	Policies []string `json:"policies"`

	// strict refuses an object with unknown fields, as kubectl asks for, instead of dropping them.
	strict bool
}

type resource struct {
	Group    string `json:"group"`
	Version  string `json:"version"`
	Resource string `json:"resource"`
}

type userInfo struct {
	Username string              `json:"username"`
	UID      string              `json:"uid"`
	Groups   []string            `json:"groups"`
	Extra    map[string][]string `json:"extra"`
}

// server has the endpoints of the API server for workloads and nodes. Its validating admission admits everything and
// remembers what it was asked about.
type server struct {
	container  *restful.Container
	kinds      runtime.EquivalentResourceRegistry
	namespaced map[schema.GroupVersionResource]bool
	etcd       *etcd
	seen       *sighting
}

func newServer() *server {
	s := &server{
		container:  restful.NewContainer(),
		kinds:      runtime.NewEquivalentResourceRegistry(),
		namespaced: map[schema.GroupVersionResource]bool{},
		etcd:       &etcd{},
	}
	s.install("/api", corev1.SchemeGroupVersion, coreStorage(s.etcd))
	enabled := serverstorage.NewResourceConfig()
	enabled.EnableVersions(appsv1.SchemeGroupVersion, batchv1.SchemeGroupVersion)
	apps, err := appsrest.StorageProvider{}.NewRESTStorage(enabled, s.etcd)
	must(err)
	s.install("/apis", appsv1.SchemeGroupVersion, apps.VersionedResourcesStorageMap["v1"])
	batch, err := batchrest.RESTStorageProvider{}.NewRESTStorage(enabled, s.etcd)
	must(err)
	s.install("/apis", batchv1.SchemeGroupVersion, batch.VersionedResourcesStorageMap["v1"])
	s.install("/apis", admissionv1.SchemeGroupVersion, policyStorage(s.etcd))
	return s
}

func coreStorage(options generic.RESTOptionsGetter) map[string]rest.Storage {
	nodes, err := nodestorage.NewStorage(options, client.KubeletClientConfig{}, nil)
	must(err)
	pods, err := podstorage.NewStorage(options, nodes.KubeletConnectionInfo, nil, nil, authorizerfactory.NewAlwaysAllowAuthorizer())
	must(err)
	controllers, err := controllerstorage.NewStorage(options)
	must(err)
	return map[string]rest.Storage{
		"bindings":                      pods.LegacyBinding,
		"nodes":                         nodes.Node,
		"nodes/status":                  nodes.Status,
		"pods":                          pods.Pod,
		"pods/binding":                  pods.Binding,
		"pods/ephemeralcontainers":      pods.EphemeralContainers,
		"pods/resize":                   pods.Resize,
		"pods/status":                   pods.Status,
		"replicationcontrollers":        controllers.Controller,
		"replicationcontrollers/status": controllers.Status,
	}
}

func policyStorage(options generic.RESTOptionsGetter) map[string]rest.Storage {
	authorizer := authorizerfactory.NewAlwaysAllowAuthorizer()
	policies, _, err := policystorage.NewREST(options, authorizer, nil)
	must(err)
	bindings, err := bindingstorage.NewREST(options, authorizer, nil, nil)
	must(err)
	return map[string]rest.Storage{
		"validatingadmissionpolicies":       policies,
		"validatingadmissionpolicybindings": bindings,
	}
}

func (s *server) install(root string, version schema.GroupVersion, storage map[string]rest.Storage) {
	group := endpoints.APIGroupVersion{
		Storage:                    storage,
		Root:                       root,
		GroupVersion:               version,
		ParameterCodec:             legacyscheme.ParameterCodec,
		Serializer:                 legacyscheme.Codecs,
		Creater:                    legacyscheme.Scheme,
		Convertor:                  legacyscheme.Scheme,
		ConvertabilityChecker:      legacyscheme.Scheme,
		UnsafeConvertor:            runtime.UnsafeObjectConvertor(legacyscheme.Scheme),
		Defaulter:                  legacyscheme.Scheme,
		Typer:                      legacyscheme.Scheme,
		Namer:                      runtime.Namer(meta.NewAccessor()),
		TypeConverter:              managedfields.NewDeducedTypeConverter(),
		EquivalentResourceRegistry: s.kinds,
		Authorizer:                 authorizerfactory.NewAlwaysAllowAuthorizer(),
		Admit:                      s,
		MaxRequestBodyBytes:        celconfig.MaxRequestSizeBytes,
	}
	_, _, err := group.InstallREST(s.container)
	must(err)
	for name, endpoint := range storage {
		if scoper, is := endpoint.(rest.Scoper); is {
			s.namespaced[version.WithResource(name)] = scoper.NamespaceScoped()
		}
	}
}

// Handles makes the server the admission plugin of its endpoints.
func (s *server) Handles(admission.Operation) bool { return true }

// Validate remembers what admission is asked about.
func (s *server) Validate(_ context.Context, attributes admission.Attributes, objects admission.ObjectInterfaces) error {
	if s.seen == nil {
		s.seen = &sighting{attributes, objects}
	}
	return nil
}

// submit returns what validating admission is asked about, or else why the API server refuses the request before.
func (s *server) submit(asked *request) (*sighting, answer) {
	resource := schema.GroupVersionResource(asked.Resource)
	kind := s.kinds.KindFor(resource, "")
	if s.kinds.KindFor(resource, asked.Subresource).Empty() {
		log.Fatalf("%s %s is not among the resources of this oracle", resource, asked.Subresource)
	}
	s.seen = nil
	s.etcd.stored = nil
	if len(asked.OldObject) > 0 {
		stored, err := decode(asked.OldObject, kind)
		if err != nil {
			return nil, answer{Undecodable: "oldObject: " + err.Error()}
		}
		namespace, _ := s.names(asked)
		s.etcd.store(stored, namespace)
	}
	response := httptest.NewRecorder()
	s.container.ServeHTTP(response, s.http(asked))
	if s.seen != nil {
		return s.seen, answer{}
	}
	if response.Code < http.StatusBadRequest {
		log.Fatalf("the API server answered %d and asked no admission: %s", response.Code, response.Body)
	}
	if len(asked.Object) > 0 {
		if _, err := decode(asked.Object, s.kinds.KindFor(resource, asked.Subresource)); err != nil {
			return nil, answer{Undecodable: err.Error()}
		}
	}
	return nil, answer{Invalid: faults(response)}
}

// faults has the faults of each field, or the message as a whole.
func faults(response *httptest.ResponseRecorder) []string {
	var status metav1.Status
	if err := json.Unmarshal(response.Body.Bytes(), &status); err != nil {
		log.Fatalf("the API server answered %d: %s", response.Code, response.Body)
	}
	return messagesOf(status)
}

// decode reads an object into its internal version, with defaults.
func decode(document []byte, kind schema.GroupVersionKind) (runtime.Object, error) {
	internal := schema.GroupVersion{Group: kind.Group, Version: runtime.APIVersionInternal}
	decoder := legacyscheme.Codecs.DecoderToVersion(serializer().Serializer, internal)
	into, err := legacyscheme.Scheme.New(internal.WithKind(kind.Kind))
	must(err)
	object, _, err := decoder.Decode(document, &kind, into)
	return object, err
}

func serializer() runtime.SerializerInfo {
	info, _ := runtime.SerializerInfoForMediaType(legacyscheme.Codecs.SupportedMediaTypes(), runtime.ContentTypeJSON)
	return info
}

var methods = map[admission.Operation]string{
	admission.Create: http.MethodPost,
	admission.Update: http.MethodPut,
	admission.Delete: http.MethodDelete,
}

var requestInfos = apirequest.RequestInfoFactory{
	APIPrefixes:          sets.NewString("api", "apis"),
	GrouplessAPIPrefixes: sets.NewString("api"),
}

func (s *server) http(asked *request) *http.Request {
	method, known := methods[asked.Operation]
	if !known {
		log.Fatalf("the operation %q is not among those of this oracle", asked.Operation)
	}
	target := url.URL{Path: s.path(asked), RawQuery: "fieldValidation=" + metav1.FieldValidationIgnore}
	if asked.strict {
		target.RawQuery = "fieldValidation=" + metav1.FieldValidationStrict
	}
	sent, err := http.NewRequest(method, target.String(), bytes.NewReader(asked.Object))
	must(err)
	sent.Header.Set("Content-Type", runtime.ContentTypeJSON)
	info, err := requestInfos.NewRequestInfo(sent)
	must(err)
	ctx := apirequest.WithRequestInfo(sent.Context(), info)
	ctx = apirequest.WithUser(ctx, &user.DefaultInfo{
		Name:   asked.UserInfo.Username,
		UID:    asked.UserInfo.UID,
		Groups: asked.UserInfo.Groups,
		Extra:  asked.UserInfo.Extra,
	})
	return sent.WithContext(ctx)
}

func (s *server) path(asked *request) string {
	resource := schema.GroupVersionResource(asked.Resource)
	segments := []string{"/api", resource.Version}
	if resource.Group != "" {
		segments = []string{"/apis", resource.Group, resource.Version}
	}
	namespace, name := s.names(asked)
	if namespace != "" {
		segments = append(segments, "namespaces", namespace)
	}
	segments = append(segments, resource.Resource)
	if asked.Operation != admission.Create || asked.Subresource != "" {
		segments = append(segments, name)
	}
	return path.Join(append(segments, asked.Subresource)...)
}

// names returns the namespace and the name of the URL. Resources of the cluster have no namespace.
func (s *server) names(asked *request) (namespace, name string) {
	object := asked.Object
	if asked.Operation == admission.Delete {
		object = asked.OldObject
	}
	var named metav1.PartialObjectMetadata
	// What cannot be read here is refused by the API server.
	_ = json.Unmarshal(object, &named)
	namespace, name = asked.Namespace, asked.Name
	if namespace == "" {
		namespace = named.Namespace
	}
	if namespace == "" {
		namespace = metav1.NamespaceDefault
	}
	if !s.namespaced[schema.GroupVersionResource(asked.Resource)] {
		namespace = ""
	}
	if name == "" {
		name = named.Name
	}
	return namespace, name
}

// versioned returns an object in the version of the request, nil for none.
func versioned(object runtime.Object, seen *sighting) json.RawMessage {
	if object == nil {
		return nil
	}
	converted, err := admission.ConvertToGVK(object, seen.GetKind(), seen.ObjectInterfaces)
	must(err)
	accessor, err := meta.Accessor(converted)
	must(err)
	accessor.SetManagedFields(nil)
	encoded, err := json.Marshal(converted)
	must(err)
	return encoded
}
