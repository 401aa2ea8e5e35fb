# One function per module:
#
#   dockline_module(sync LAYER 2 DEPS base wire THIRD Boost::json)
#
# makes the static library dockline_<folder path with _> of all .cpp files of this folder (except
# *_test.cpp and main.cpp), checks that no dependency lies on a higher layer, and hands *_test.cpp
# to the unit-test program of its top folder. tests/tidy checks the same of every #include.

function(_dockline_target_name out)
  file(RELATIVE_PATH rel ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  string(REPLACE "/" "_" name ${rel})
  string(REPLACE "firmware-interfaces" "firmware" name ${name})
  set(${out} dockline_${name} PARENT_SCOPE)
endfunction()

# DEPS are folder paths from the root: shared/base, agent/station, ...
function(dockline_module)
  cmake_parse_arguments(M "" "LAYER" "DEPS;THIRD;EMBED;TEST_DEPS" ${ARGN})
  _dockline_target_name(target)
  file(RELATIVE_PATH rel ${CMAKE_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR})
  file(GLOB sources CONFIGURE_DEPENDS *.cpp)
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "(_test|/main)\\.cpp$")
  if(NOT sources)
    set(sources ${CMAKE_SOURCE_DIR}/deploy/cmake/empty.cpp)
  endif()
  add_library(${target} STATIC ${sources})
  target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(${target} PRIVATE dockline_flags)
  foreach(dep ${M_DEPS})
    string(REPLACE "/" "_" dep_target ${dep})
    string(REPLACE "firmware-interfaces" "firmware" dep_target ${dep_target})
    get_property(dep_layer GLOBAL PROPERTY DOCKLINE_LAYER_${dep_target})
    if("${dep_layer}" STREQUAL "")
      message(FATAL_ERROR "${rel}: dependency ${dep} is not a module known so far")
    endif()
    if(dep_layer GREATER M_LAYER)
      message(FATAL_ERROR "${rel} (layer ${M_LAYER}) may not depend on ${dep} (layer ${dep_layer})")
    endif()
    target_link_libraries(${target} PUBLIC dockline_${dep_target})
  endforeach()
  target_link_libraries(${target} PUBLIC ${M_THIRD})
  string(REGEX REPLACE "^dockline_" "" short ${target})
  set_property(GLOBAL PROPERTY DOCKLINE_LAYER_${short} ${M_LAYER})
  if(M_EMBED)
    dockline_embed(${target} ${M_EMBED})
  endif()
  if(tests AND DOCKLINE_TESTS)
    string(REGEX REPLACE "/.*" "" top ${rel})
    set_property(GLOBAL APPEND PROPERTY DOCKLINE_TESTS_${top} ${tests})
    set_property(GLOBAL APPEND PROPERTY DOCKLINE_TEST_LIBS_${top} ${target} ${M_TEST_DEPS})
  endif()
endfunction()

# dockline_program(dockline-agent DEPS agent/app ... THIRD ...): main.cpp of this folder.
function(dockline_program name)
  cmake_parse_arguments(M "" "" "DEPS;THIRD" ${ARGN})
  add_executable(${name} main.cpp)
  target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
  target_link_libraries(${name} PRIVATE dockline_flags ${M_THIRD})
  foreach(dep ${M_DEPS})
    string(REPLACE "/" "_" dep_target ${dep})
    string(REPLACE "firmware-interfaces" "firmware" dep_target ${dep_target})
    target_link_libraries(${name} PRIVATE dockline_${dep_target})
  endforeach()
endfunction()

# dockline_embed(target PREFIX dir glob...): files become string_views by name, see
# shared/base/embedded.hpp. The table is the function dockline::base::embedded_<PREFIX>().
function(dockline_embed target prefix dir)
  set(files)
  foreach(pattern ${ARGN})
    file(GLOB_RECURSE found CONFIGURE_DEPENDS RELATIVE ${CMAKE_CURRENT_SOURCE_DIR}/${dir}
         ${CMAKE_CURRENT_SOURCE_DIR}/${dir}/${pattern})
    list(APPEND files ${found})
  endforeach()
  list(FILTER files EXCLUDE REGEX "node_modules/")
  list(SORT files)
  set(asm "")
  set(decl "")
  set(rows "")
  set(deps)
  set(n 0)
  foreach(f ${files})
    set(path ${CMAKE_CURRENT_SOURCE_DIR}/${dir}/${f})
    list(APPEND deps ${path})
    set(sym "dl_${prefix}_${n}")
    string(APPEND asm "asm(\".section .rodata\\n.global ${sym}\\n${sym}:\\n.incbin \\\"${path}\\\"\\n"
           ".global ${sym}_end\\n${sym}_end:\\n.byte 0\\n.previous\\n\");\n")
    string(APPEND decl "extern const char ${sym}[];\nextern const char ${sym}_end[];\n")
    string(APPEND rows "    {\"${f}\", {${sym}, static_cast<std::size_t>(${sym}_end - ${sym})}},\n")
    math(EXPR n "${n}+1")
  endforeach()
  set(out ${CMAKE_CURRENT_BINARY_DIR}/embedded_${prefix}.cpp)
  file(GENERATE OUTPUT ${out} CONTENT "// Generated from ${dir}: do not edit.
#include \"shared/base/embedded.hpp\"
${asm}
extern \"C\" {
${decl}}
namespace dockline::base {
std::vector<EmbeddedFile> embedded_${prefix}();
std::vector<EmbeddedFile> embedded_${prefix}() {
  return {
${rows}  };
}
}  // namespace dockline::base
")
  target_sources(${target} PRIVATE ${out})
  set_source_files_properties(${out} PROPERTIES OBJECT_DEPENDS "${deps}")
endfunction()

# One unit-test program per top folder, one ctest entry each (labels: unit).
function(dockline_finish)
  if(NOT DOCKLINE_TESTS)
    return()
  endif()
  foreach(top shared firmware-interfaces agent server tests)
    get_property(tests GLOBAL PROPERTY DOCKLINE_TESTS_${top})
    get_property(libs GLOBAL PROPERTY DOCKLINE_TEST_LIBS_${top})
    if(tests)
      list(REMOVE_DUPLICATES libs)
      string(REPLACE "-" "_" name ${top})
      add_executable(${name}_tests ${tests})
      target_include_directories(${name}_tests PRIVATE ${CMAKE_SOURCE_DIR})
      target_link_libraries(${name}_tests PRIVATE dockline_flags ${libs} GTest::gtest GTest::gmock
                            GTest::gtest_main)
      add_test(NAME unit_${name} COMMAND ${name}_tests --gtest_brief=1)
      set_tests_properties(unit_${name} PROPERTIES LABELS unit
        ENVIRONMENT "DOCKLINE_SOURCE=${CMAKE_SOURCE_DIR}")
    endif()
  endforeach()
endfunction()
