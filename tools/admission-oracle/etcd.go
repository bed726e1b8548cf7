package main

import (
	"context"
	"errors"
	"log"
	"reflect"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apiserver/pkg/registry/generic"
	"k8s.io/apiserver/pkg/storage"
	"k8s.io/apiserver/pkg/storage/storagebackend"
	"k8s.io/apiserver/pkg/storage/storagebackend/factory"
	"k8s.io/client-go/tools/cache"
)

// etcd has at most one object, the one that a request is about. It keeps nothing that is written.
type etcd struct {
	storage.Interface
	stored runtime.Object
}

// GetRESTOptions makes the registries store in this etcd.
func (e *etcd) GetRESTOptions(resource schema.GroupResource, _ runtime.Object) (generic.RESTOptions, error) {
	config := &storagebackend.ConfigForResource{GroupResource: resource}
	config.EncodeVersioner = schema.GroupVersion{Group: resource.Group, Version: "v1"}
	return generic.RESTOptions{
		StorageConfig: config,
		Decorator: func(*storagebackend.ConfigForResource, string, func(runtime.Object) (string, error), func() runtime.Object,
			func() runtime.Object, storage.AttrFunc, storage.IndexerFuncs, *cache.Indexers) (storage.Interface, factory.DestroyFunc, error) {
			return e, func() {}, nil
		},
		EnableGarbageCollection: true,
		ResourcePrefix:          resource.String(),
	}, nil
}

// store has the object for the next request. What etcd has is always in a namespace, if not of the cluster, and has a
// version.
func (e *etcd) store(object runtime.Object, namespace string) {
	accessor, err := meta.Accessor(object)
	must(err)
	if accessor.GetNamespace() == "" {
		accessor.SetNamespace(namespace)
	}
	if accessor.GetResourceVersion() == "" {
		accessor.SetResourceVersion("1")
	}
	e.stored = object
}

func (e *etcd) Versioner() storage.Versioner { return storage.APIObjectVersioner{} }

func (e *etcd) ReadinessCheck() error { return nil }

func (e *etcd) Create(_ context.Context, _ string, object, out runtime.Object, _ uint64) error {
	return assign(out, object)
}

func (e *etcd) Get(_ context.Context, key string, options storage.GetOptions, out runtime.Object) error {
	if e.stored == nil {
		if options.IgnoreNotFound {
			return nil
		}
		return storage.NewKeyNotFoundError(key, 0)
	}
	return assign(out, e.stored)
}

func (e *etcd) GuaranteedUpdate(_ context.Context, key string, out runtime.Object, ignoreNotFound bool, preconditions *storage.Preconditions, update storage.UpdateFunc, _ runtime.Object) error {
	if e.stored == nil {
		return storage.NewKeyNotFoundError(key, 0)
	}
	stored := e.stored.DeepCopyObject()
	if err := preconditions.Check(key, stored); err != nil {
		return err
	}
	version, err := e.Versioner().ObjectResourceVersion(stored)
	if err != nil {
		return err
	}
	changed, _, err := update(stored, storage.ResponseMeta{ResourceVersion: version})
	if err != nil {
		return err
	}
	return assign(out, changed)
}

func (e *etcd) Delete(ctx context.Context, key string, out runtime.Object, preconditions *storage.Preconditions, validate storage.ValidateObjectFunc, _ runtime.Object, _ storage.DeleteOptions) error {
	if err := e.Get(ctx, key, storage.GetOptions{}, out); err != nil {
		return err
	}
	if err := preconditions.Check(key, out); err != nil {
		return err
	}
	return validate(ctx, out)
}

// assign copies an object into another of its type.
func assign(out, object runtime.Object) error {
	if reflect.TypeOf(out) != reflect.TypeOf(object) {
		return errors.New("the stored object is of another kind")
	}
	if object == nil {
		log.Fatal("nothing to store")
	}
	reflect.ValueOf(out).Elem().Set(reflect.ValueOf(object.DeepCopyObject()).Elem())
	return nil
}
